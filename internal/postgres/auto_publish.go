package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/clock"
	"muster/internal/errs"
)

// planAuto decides whether a fresh draft of a feed goes out by itself, and when;
// what it decides against is kept with the reason.
func planAuto(ctx context.Context, tx pgx.Tx, id uuid.UUID, at time.Time) error {
	d, err := one[autoDraft](ctx, tx, autoDraftSQL, id)
	if err != nil {
		return err
	}
	signed, why, err := judgeAuto(ctx, tx, d, at)
	if err != nil {
		return err
	}
	if signed == nil {
		_, err := tx.Exec(ctx, "UPDATE warning SET auto_state = 'none', auto_why = $2 WHERE id = $1", id, why)
		if err != nil {
			return err
		}
		return decide(ctx, tx, "warning", id, "not_auto", why, machine.Name, at)
	}
	due := at.Add(time.Duration(signed.DelayMinutes) * time.Minute)
	if _, err := tx.Exec(ctx, "UPDATE warning SET auto_state = 'waiting', auto_id = $2, auto_at = $3 WHERE id = $1", id, signed.ID, due); err != nil {
		return err
	}
	return decide(ctx, tx, "warning", id, "auto_planned", []Reason{{"authorisation", signed.words()}}, machine.Name, at)
}

// words name an authorisation with its signer and day, as the record of a
// publication keeps them.
func (s Standing) words() string {
	return fmt.Sprintf("常设授权《%s》，%s于%s签发", s.Title, s.SignerTitle, s.RecordedAt.In(clock.Shanghai).Format("2006年1月2日"))
}

// stopAuto takes a draft off the clock.
func stopAuto(ctx context.Context, tx pgx.Tx, id uuid.UUID, why []Reason, by Actor, at time.Time) error {
	tag, err := tx.Exec(ctx, "UPDATE warning SET auto_state = 'stopped', auto_why = $2 WHERE id = $1 AND auto_state = 'waiting'", id, why)
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	if err := decide(ctx, tx, "warning", id, "not_auto", why, by.Name, at); err != nil {
		return err
	}
	return announceWarning(ctx, tx, id, at)
}

// Forwarded is what became of a draft whose time had come.
type Forwarded struct {
	Draft     uuid.UUID
	Warning   uuid.UUID // what it became; zero when it did not go out
	Reasons   []Reason  // why not
	Published bool
}

// AutoPublish takes one draft whose time has come and publishes it under its
// standing authorisation, if that still covers it. errs.NotFound when there is
// none. It may run on every replica: the row is skipped by all but one, and the
// lock is kept until it is published.
func (db *DB) AutoPublish(ctx context.Context, at time.Time) (Forwarded, error) {
	var f Forwarded
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		f = Forwarded{}
		due, err := one[struct {
			ID      uuid.UUID
			Version int
		}](ctx, tx, `
			SELECT id, version FROM warning
			WHERE  auto_state = 'waiting' AND state = 'draft' AND auto_at <= $1 AND (held_at IS NULL OR held_until <= $1)
			ORDER  BY auto_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`, at)
		if err != nil {
			return err
		}
		f.Draft = due.ID
		f.Warning, f.Reasons, err = forwardNow(ctx, tx, due.ID, due.Version, at)
		f.Published = err == nil && f.Reasons == nil
		return err
	})
	if err == nil || f.Draft == uuid.Nil {
		return f, err
	}
	return f, errors.Join(err, db.giveUpAuto(ctx, f.Draft, err, at))
}

// forwardNow decides once more, by the sites, people and limits of now.
func forwardNow(ctx context.Context, tx pgx.Tx, id uuid.UUID, version int, at time.Time) (uuid.UUID, []Reason, error) {
	d, err := one[autoDraft](ctx, tx, autoDraftSQL, id)
	if err != nil {
		return uuid.Nil, nil, err
	}
	signed, why, err := judgeAuto(ctx, tx, d, at)
	if err != nil {
		return uuid.Nil, nil, err
	}
	if signed == nil {
		return uuid.Nil, why, stopAuto(ctx, tx, id, why, machine, at)
	}
	// What was planned under one authorisation may go out under another that holds
	// now: the record names the one that held.
	if _, err := tx.Exec(ctx, `
		UPDATE warning SET kind = 'auto_relay', auto_state = 'published', auto_id = $2, held_at = NULL, held_by = NULL, held_until = NULL, held_reason = ''
		WHERE  id = $1`, id, signed.ID); err != nil {
		return uuid.Nil, nil, err
	}
	p := Publication{Office: d.AuthorityID, Authorisation: signed.words(), By: machine}
	published, err := publishLocked(ctx, tx, account.Everywhere(), id, version, p, at)
	if err != nil {
		return uuid.Nil, nil, err
	}
	return published, nil, audit(ctx, tx, machine, "auto_publish", "warning", published.String(), map[string]any{"authorisation": signed.ID, "draft": id}, at)
}

// giveUpAuto leaves to people what could not be published by itself. What the
// database could not do just now is tried again with the next round.
func (db *DB) giveUpAuto(ctx context.Context, id uuid.UUID, cause error, at time.Time) error {
	if errs.KindOf(cause).Retryable() {
		return nil
	}
	words := "自动转发没有办成，请人工处理"
	if e, ok := errors.AsType[*errs.Error](cause); ok && errs.KindOf(cause) != errs.Internal {
		words += "：" + e.Text
	}
	return db.inTx(ctx, func(tx pgx.Tx) error { return stopAuto(ctx, tx, id, []Reason{{"failed", words}}, machine, at) })
}
