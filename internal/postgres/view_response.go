package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/response"
)

// ResponseByID reads one thread of the scope as the boards show it.
func (db *DB) ResponseByID(ctx context.Context, scope account.Scope, id uuid.UUID, at time.Time) (BoardRow, error) {
	args := pgx.NamedArgs{"one": id}
	where := "r.id = @one AND " + scopeColumns(scope, args, "r.region", "r.project_id", "r.section_id", "r.site_id")
	late := "SELECT DISTINCT subject_id FROM duty WHERE subject_id = @one AND state = 'open' AND due_at <= @as_of"
	list, err := db.board(ctx, where, late, BoardFilter{After: BoardMark{AsOf: at}, Limit: 1}, args, at)
	if err != nil {
		return BoardRow{}, err
	}
	if len(list) == 0 {
		return BoardRow{}, notFound("处置记录")
	}
	return list[0], nil
}

// EventRow is one thing that happened to a thread.
type EventRow struct {
	ID         uuid.UUID
	At         time.Time // as the sender says
	RecordedAt time.Time // as we heard of it
	Event      string
	FromState  *response.State
	ToState    *response.State
	Channel    *response.Channel
	Actor      string
	PersonID   *uuid.UUID
	PersonName *string
	Words      string
	Detail     map[string]any
}

// ResponseEvents reads what happened to a thread, oldest first. Who asks has been
// shown the thread by ResponseByID.
func (db *DB) ResponseEvents(ctx context.Context, thread uuid.UUID) ([]EventRow, error) {
	return collect[EventRow](ctx, db.pool, `
		SELECT e.id, e.at, e.recorded_at, e.event, e.from_state, e.to_state, e.channel, e.actor, e.person_id, p.name AS person_name, e.words, e.detail
		FROM   response_event e LEFT JOIN person p ON p.id = e.person_id
		WHERE  e.response_id = $1 ORDER BY e.recorded_at, e.at, e.id`, thread)
}

// NoticeRow is a notice about a thread.
type NoticeRow struct {
	ID          uuid.UUID
	Kind        response.NoticeKind
	Channel     response.Channel
	State       response.NoticeState
	Rung        int
	Round       int
	PersonID    *uuid.UUID
	PersonName  *string
	UnitName    *string
	Wording     json.RawMessage
	CreatedAt   time.Time
	DueAt       time.Time
	SentAt      *time.Time
	DeliveredAt *time.Time
	ReadAt      *time.Time
	AnsweredAt  *time.Time
	ReasonCode  string
	Reason      string
}

// ResponseNotices reads the notices about a thread: to those who were asked about
// it, and to the groups, horns and systems of its units.
func (db *DB) ResponseNotices(ctx context.Context, thread uuid.UUID) ([]NoticeRow, error) {
	return collect[NoticeRow](ctx, db.pool, `
		WITH about AS MATERIALIZED (
		    SELECT n.id FROM summons_target t JOIN notice n ON n.summons_id = t.summons_id WHERE t.response_id = $1
		    UNION
		    SELECT n.id FROM response r JOIN channel_account a ON a.unit_id IN (r.site_id, r.section_id, r.project_id)
		    JOIN   notice n ON n.warning_id = r.warning_id AND n.party_kind = 'unit' AND n.party_id = a.id WHERE r.id = $1
		)
		SELECT n.id, n.kind, n.channel, n.state, n.rung, n.round, p.id AS person_id, p.name AS person_name, a.name AS unit_name, n.wording,
		       n.created_at, n.due_at, n.sent_at, n.delivered_at, n.read_at, n.answered_at, n.reason_code, n.reason
		FROM   about JOIN notice n ON n.id = about.id
		LEFT   JOIN person p ON n.party_kind = 'person' AND p.id = n.party_id
		LEFT   JOIN channel_account a ON n.party_kind = 'unit' AND a.id = n.party_id
		ORDER  BY n.created_at, n.rung, n.round, n.id`, thread)
}

// AskedRow is a person who was asked about a thread, or got a copy.
type AskedRow struct {
	PersonID     uuid.UUID
	Rung         int
	Name         string
	PhoneSealed  *string
	Role         string // his post, or what he is on tonight's roster; "" when it has ended since
	Language     string
	WrongContact bool
}

// ResponsePeople reads who was asked about a thread.
func (db *DB) ResponsePeople(ctx context.Context, thread uuid.UUID, at time.Time) ([]AskedRow, error) {
	return collect[AskedRow](ctx, db.pool, `
		SELECT s.person_id, t.rung, p.name, p.phone_sealed, s.language, s.wrong_contact,
		       coalesce((SELECT o.role FROM post o WHERE o.person_id = p.id AND o.valid_from <= $2 AND (o.valid_until IS NULL OR o.valid_until > $2)
		                 ORDER BY o.unit_id IN (r.site_id, r.section_id, r.project_id) DESC, o.seat, o.id LIMIT 1),
		                (SELECT d.role FROM duty_roster d WHERE d.person_id = p.id AND d.valid_from <= $2 AND d.valid_until > $2 LIMIT 1), '') AS role
		FROM   summons_target t JOIN summons s ON s.id = t.summons_id JOIN person p ON p.id = s.person_id JOIN response r ON r.id = t.response_id
		WHERE  t.response_id = $1 ORDER BY t.rung < 0, t.rung, p.id`, thread, at)
}

// DutyRow is a duty about a thread.
type DutyRow struct {
	Kind     response.DutyKind
	State    response.DutyState
	OpenedAt time.Time
	DueAt    time.Time
	EndedAt  *time.Time
	EndedBy  string
	NextAt   *time.Time
}

// ResponseDuties reads who had to do what by when about a thread.
func (db *DB) ResponseDuties(ctx context.Context, thread uuid.UUID) ([]DutyRow, error) {
	return collect[DutyRow](ctx, db.pool, `
		SELECT kind, state, opened_at, due_at, ended_at, ended_by, next_at FROM duty WHERE subject_id = $1 ORDER BY opened_at, id`, thread)
}
