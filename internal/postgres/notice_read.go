package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/errs"
	"muster/internal/response"
)

// MyNotice is a notice on the product's own screen (站内).
type MyNotice struct {
	ID          uuid.UUID
	Mode        string
	WarningID   *uuid.UUID
	Kind        response.NoticeKind
	Level       string
	Measure     string
	State       response.NoticeState
	Wording     json.RawMessage
	CreatedAt   time.Time
	DeliveredAt *time.Time
	ReadAt      *time.Time
	Occasion    uuid.UUID // the event that caused it, when it can happen again
}

// FetchNotices gives a user the newest notices that are for the person he is, and
// marks them as delivered: they are on his screen now. A user who stands for no
// person has none.
func (db *DB) FetchNotices(ctx context.Context, user uuid.UUID, limit int, at time.Time) ([]MyNotice, error) {
	var list []MyNotice
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		var err error
		list, err = collect[MyNotice](ctx, tx, `
			SELECT n.id, n.mode, n.warning_id, n.kind, n.level, n.measure, n.state, n.wording, n.created_at, n.delivered_at, n.read_at, n.occasion
			FROM   notice n WHERE n.channel = 'app' AND n.party_kind = 'person' AND n.party_id = (SELECT person_id FROM app_user WHERE id = $1)
			ORDER  BY n.created_at DESC, n.id DESC LIMIT $2`, user, limit)
		if err != nil {
			return err
		}
		for i := range list {
			if list[i].State != response.Sent {
				continue
			}
			if err := heardOnScreen(ctx, tx, list[i].ID, response.NoticeThere, at); err != nil {
				return err
			}
			list[i].State, list[i].DeliveredAt = response.NoticeThere, &at
		}
		return nil
	})
	return list, err
}

// ReadNotice marks a user's own notice as read: he opened it.
func (db *DB) ReadNotice(ctx context.Context, user, id uuid.UUID, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		var his bool
		err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM notice WHERE id = $2 AND channel = 'app' AND party_kind = 'person'
			AND party_id = (SELECT person_id FROM app_user WHERE id = $1))`, user, id).Scan(&his)
		if err == nil && !his {
			err = notFound("通知")
		}
		if err != nil {
			return err
		}
		return heardOnScreen(ctx, tx, id, response.NoticeRead, at)
	})
}

// heardOnScreen is the receipt of our own screen: the same as a carrier's.
func heardOnScreen(ctx context.Context, tx pgx.Tx, id uuid.UUID, to response.NoticeState, at time.Time) error {
	n, err := one[heardNotice](ctx, tx, `
		SELECT id, kind, state, channel, summons_id, party_kind, party_id FROM notice WHERE id = $1 FOR UPDATE`, id)
	if err != nil {
		return err
	}
	event := map[response.NoticeState]response.Event{response.NoticeThere: response.Deliver, response.NoticeRead: response.Open}[to]
	in := incoming{inbound: uuid.NewSHA1(n.ID, []byte(event)), event: response.CarrierEvent{At: at}, at: at, noticeID: &n.ID, summonsID: n.SummonsID, personID: &n.PartyID}
	if err := in.moveNotice(ctx, tx, n, to); err != nil {
		return err
	}
	if _, err := in.reached(ctx, tx, n, event); err != nil && errs.KindOf(err) == errs.Internal {
		return err
	}
	return nil
}
