package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/response"
)

// Inspection is 雨后排查: what was looked at before anybody may return.
type Inspection struct {
	EventID    uuid.UUID
	Thread     uuid.UUID
	By         Actor
	Checklist  []string // the points that were looked at and are in order
	Moved      bool     // something fell or moved
	Supervisor bool     // 监理 signs it
	Geologist  bool     // a geological officer's opinion is attached
	Words      string
	At         time.Time
}

// Inspected keeps an inspection. It allows nobody to return.
func (db *DB) Inspected(ctx context.Context, scope account.Scope, i Inspection, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		t, err := lockOne(ctx, tx, scope, i.Thread)
		if err != nil {
			return err
		}
		if t.State != response.Inspecting {
			return errs.New(errs.Conflict, "state", "这个点位现在是“%s”，不在待排查", t.State.Label())
		}
		fresh, err := t.write(ctx, tx, stepTo{EventID: i.EventID, Event: "inspected", At: i.At, Actor: i.By, Words: i.Words, Detail: map[string]any{
			"checklist": i.Checklist, "moved": i.Moved, "supervisor": i.Supervisor, "geologist": i.Geologist}}, at)
		if err != nil || !fresh {
			return err
		}
		if _, err := tx.Exec(ctx, "UPDATE response SET inspected_at = $2, version = version + 1 WHERE id = $1", t.ID, i.At); err != nil {
			return err
		}
		return announceThreads(ctx, tx, []thread{t}, at)
	})
}

func lockOne(ctx context.Context, tx pgx.Tx, scope account.Scope, id uuid.UUID) (thread, error) {
	list, err := lockThreads(ctx, tx, []uuid.UUID{id})
	if err != nil {
		return thread{}, err
	}
	if len(list) == 0 || !scope.Holds(list[0].place()) {
		return thread{}, notFound("处置记录")
	}
	return list[0], nil
}

// ReturnGiven is 准予返回, or taking it back.
type ReturnGiven struct {
	EventID uuid.UUID
	Thread  uuid.UUID
	Party   response.Party // in which capacity: owner, county, city, province
	By      Actor
	Words   string
	At      time.Time
}

// AllowReturn gives the permission to return, when the inspection says what the
// rule book wants it to say and the giver may give it. Who was told to leave is
// told.
func (db *DB) AllowReturn(ctx context.Context, scope account.Scope, g ReturnGiven, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		t, err := lockOne(ctx, tx, scope, g.Thread)
		if err != nil {
			return err
		}
		b, err := briefFor(ctx, tx, t, at)
		if err != nil {
			return err
		}
		ask, err := inspectionOf(ctx, tx, t, g, at)
		if err != nil {
			return err
		}
		if err := b.rules.MayAllowReturn(ask); err != nil {
			return err
		}
		was := t
		if err := happen(ctx, tx, &t, response.AllowReturn, stepTo{EventID: g.EventID, At: g.At, Actor: g.By, Words: g.Words,
			Detail: map[string]any{"party": g.Party}}, at); err != nil {
			return err
		}
		if err := tellTold(ctx, tx, b, response.NoticeReturn, []thread{was}, g.EventID, at); err != nil {
			return err
		}
		return announceThreads(ctx, tx, []thread{t}, at)
	})
}

// inspectionOf is what the last inspection after the lift said.
func inspectionOf(ctx context.Context, q querier, t thread, g ReturnGiven, at time.Time) (response.ReturnAsk, error) {
	ask := response.ReturnAsk{Measure: t.Measure, Level: t.Level, HazardPoint: t.AtRisk, By: g.Party, At: at}
	rows, err := collect[struct {
		Detail struct {
			Checklist  []string `json:"checklist"`
			Moved      bool     `json:"moved"`
			Supervisor bool     `json:"supervisor"`
			Geologist  bool     `json:"geologist"`
		}
	}](ctx, q, "SELECT detail FROM response_event WHERE response_id = $1 AND event = 'inspected' AND recorded_at >= $2 ORDER BY recorded_at", t.ID, t.Since)
	for _, r := range rows { // each adds what it has: the section's checklist, the supervisor's signature
		ask.Checklist = ask.Checklist || len(r.Detail.Checklist) > 0
		ask.Moved = ask.Moved || r.Detail.Moved
		ask.Supervisor = ask.Supervisor || r.Detail.Supervisor
		ask.Geologist = ask.Geologist || r.Detail.Geologist
	}
	return ask, err
}

// StopReturn takes a permission back, within the time the rule book gives the
// county for it.
func (db *DB) StopReturn(ctx context.Context, scope account.Scope, g ReturnGiven, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		t, err := lockOne(ctx, tx, scope, g.Thread)
		if err != nil {
			return err
		}
		b, err := briefFor(ctx, tx, t, at)
		if err != nil {
			return err
		}
		within := b.rules.ReturnFor(t.Measure, t.Level, false).StopFor()
		if t.State == response.ReturnAllowed && within > 0 && at.Sub(t.Since) > within {
			return errs.New(errs.Gone, "too_late", "准予返回已超过%d分钟，不能再收回；需要时请重新发布", int(within.Minutes()))
		}
		if err := happen(ctx, tx, &t, response.StopReturn, stepTo{EventID: g.EventID, At: g.At, Actor: g.By, Words: g.Words}, at); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "UPDATE response SET ended_at = NULL WHERE id = $1", t.ID); err != nil {
			return err
		}
		return announceThreads(ctx, tx, []thread{t}, at)
	})
}

// StandDown ends a self-started evacuation: the danger is looked at and over, and
// what follows is the inspection, as after a lift.
func (db *DB) StandDown(ctx context.Context, scope account.Scope, g ReturnGiven, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		t, err := lockOne(ctx, tx, scope, g.Thread)
		if err != nil {
			return err
		}
		if t.WarningID != nil {
			return errs.New(errs.Fix, "not_self_started", "由预警引起的撤离随预警解除")
		}
		b, err := briefFor(ctx, tx, t, at)
		if err != nil {
			return err
		}
		was := t
		if err := happen(ctx, tx, &t, response.Lift, stepTo{EventID: g.EventID, At: g.At, Actor: g.By, Words: g.Words}, at); err != nil {
			return err
		}
		if err := tellTold(ctx, tx, b, response.NoticeLifted, []thread{was}, g.EventID, at); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "UPDATE summons SET dead_at = $2 WHERE response_id = $1 AND dead_at IS NULL", t.ID, b.rules.Codes.Dead(at)); err != nil {
			return err
		}
		return announceThreads(ctx, tx, []thread{t}, at)
	})
}
