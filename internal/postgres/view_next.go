package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"

	"muster/internal/response"
)

// NextStep is what a running clock does next: who is told, how, when.
type NextStep struct {
	Party    response.Party
	Channels []response.Channel
	At       time.Time
}

// addNext works out for each row what its clock does next, by the rule book of
// its warning: the same plans that the climb runs.
func (db *DB) addNext(ctx context.Context, rows []BoardRow, at time.Time) error {
	nobody, err := withoutPeople(ctx, db.pool, column(rows, BoardRow.thread), at)
	if err != nil {
		return err
	}
	books := map[uuid.UUID]*response.Rules{}
	for i := range rows {
		r := &rows[i]
		if r.DutyKind == nil {
			continue
		}
		id := deref(r.RulesID)
		if books[id] == nil {
			if books[id], err = db.rulesOf(ctx, r.RulesID, at); err != nil {
				return err
			}
		}
		r.Next = r.next(books[id], nobody[r.ID])
	}
	return nil
}

// rulesOf is the rule book of a revision; the common one where there is none.
func (db *DB) rulesOf(ctx context.Context, id *uuid.UUID, at time.Time) (*response.Rules, error) {
	if id == nil {
		return db.Rules(ctx, at)
	}
	return rulesByID(ctx, db.pool, *id)
}

func (r BoardRow) thread() thread {
	return thread{ID: r.ID, WarningID: r.WarningID, SiteID: r.SiteID, SectionID: r.SectionID, Measure: r.Measure, Level: r.Level, Sleeps: r.Sleeps,
		NoSignal: r.NoSignal, AtRisk: r.AtRisk, State: r.State, WindowEnd: r.WindowEnd}
}

// next is the next step of the open duty that tells somebody; nil when the clock
// has nobody left to tell.
func (r BoardRow) next(rules *response.Rules, nobody bool) *NextStep {
	s := r.thread().situation()
	s.Nobody = nobody
	plan := rules.Plan(*r.DutyKind, s, *r.DutyOpenedAt)
	from, now := *r.DutyStep, time.Time{}
	if r.DutyExhausted != nil { // that rung is dead: the one above it is told when the clock looks again
		from, now = plan.Forward(from, *r.DutyExhausted), *r.DutyNextAt
	}
	for _, step := range plan.Steps[min(from, len(plan.Steps)):] {
		if step.Rung < 0 || len(step.Channels) == 0 {
			continue
		}
		at := r.DutyOpenedAt.Add(step.After)
		if !now.IsZero() {
			at = now
		}
		return &NextStep{step.Party, step.Channels, at}
	}
	return nil
}
