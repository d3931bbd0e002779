package postgres

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/response"
)

// Answer is one thing that somebody says about named sites.
type Answer struct {
	EventID  uuid.UUID // the same answer that comes again has the same
	Event    response.Event
	Threads  []uuid.UUID
	By       Actor
	PersonID *uuid.UUID // who answered without signing in, or on whose behalf
	Channel  response.Channel
	NoticeID *uuid.UUID
	At       time.Time // when it was said, as the sender's clock has it
	Words    string
	Safe     *int
	Missing  *int
	Evidence []response.Evidence
	Reason   string // of a refusal
	Detail   map[string]any
	Flags    []string

	elsewhere int // of the roll call: expected, and known to be somewhere else
}

// Give takes an answer of a signed-in user. All named sites must lie in the
// scope: an answer for a site of another section changes nothing anywhere.
func (db *DB) Give(ctx context.Context, scope account.Scope, a Answer, at time.Time) ([]response.Standing, error) {
	var list []response.Standing
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		threads, err := lockThreads(ctx, tx, a.Threads)
		if err != nil {
			return err
		}
		if err := allWithin(scope, a.Threads, threads); err != nil {
			return err
		}
		list, err = give(ctx, tx, a, threads, at)
		return err
	})
	return list, err
}

func allWithin(scope account.Scope, asked []uuid.UUID, found []thread) error {
	for _, id := range asked {
		i := slices.IndexFunc(found, func(t thread) bool { return t.ID == id })
		if i < 0 || !scope.Holds(found[i].place()) {
			return errs.New(errs.Outside, "site_outside", "其中有点位不在您的管辖范围，未作任何改动")
		}
	}
	return nil
}

// give lets the answer happen to each thread. What cannot happen at one site is
// said there; it is an error when nothing could happen anywhere.
func give(ctx context.Context, tx pgx.Tx, a Answer, threads []thread, at time.Time) ([]response.Standing, error) {
	var list []response.Standing
	var moved []thread
	var refused error
	again, err := a.taken(ctx, tx, threads)
	if err != nil {
		return nil, err
	}
	for i := range threads {
		t := &threads[i]
		was := t.State
		var err error
		if !again[a.eventID(t)] {
			err = a.happenAt(ctx, tx, t, at)
		}
		if err != nil && errs.KindOf(err) == errs.Internal {
			return nil, err
		}
		standing := response.Standing{ThreadID: t.ID, SiteID: t.SiteID, SiteName: t.SiteName, State: t.State, Changed: t.State != was}
		if err != nil {
			standing.Why, refused = errs.TextOf(err), err
		}
		if standing.Changed || len(a.Flags) > 0 {
			moved = append(moved, *t)
		}
		list = append(list, standing)
	}
	if refused != nil && len(moved) == 0 {
		return list, refused
	}
	return list, announceThreads(ctx, tx, moved, at)
}

// eventID is the same whenever the same answer comes again.
func (a Answer) eventID(t *thread) uuid.UUID { return uuid.NewSHA1(a.EventID, t.ID[:]) }

// taken are the events of this answer that happened before.
func (a Answer) taken(ctx context.Context, q querier, threads []thread) (map[uuid.UUID]bool, error) {
	events := make([]uuid.UUID, len(threads))
	for i := range threads {
		events[i] = a.eventID(&threads[i])
	}
	list, err := ids(ctx, q, "SELECT id FROM response_event WHERE id = ANY($1)", events)
	there := map[uuid.UUID]bool{}
	for _, id := range list {
		there[id] = true
	}
	return there, err
}

func (a Answer) happenAt(ctx context.Context, tx pgx.Tx, t *thread, at time.Time) error {
	a, err := a.withMuster(ctx, tx, t)
	if err != nil {
		return err
	}
	s, err := a.step(ctx, tx, t, at)
	if err != nil {
		return err
	}
	if err := happen(ctx, tx, t, a.Event, s, at); err != nil {
		return err
	}
	switch a.Event {
	case response.Acknowledge, response.Move:
		return beginMuster(ctx, tx, *t, at)
	case response.Refuse:
		return a.tellRefused(ctx, tx, *t, at)
	}
	return nil
}

// step is what the answer means for one thread. A report is looked at for doubts.
func (a Answer) step(ctx context.Context, tx pgx.Tx, t *thread, at time.Time) (stepTo, error) {
	s := stepTo{EventID: a.eventID(t), At: a.At, Actor: a.By, PersonID: a.PersonID, Channel: a.Channel, NoticeID: a.NoticeID,
		Words: a.Words, Safe: a.Safe, Missing: a.Missing, Evidence: evidenceCodes(a.Evidence), FlagsMore: a.Flags, Detail: map[string]any{}}
	maps.Copy(s.Detail, a.Detail)
	if a.Reason != "" {
		s.Detail["reason"] = a.Reason
	}
	if len(a.Evidence) > 0 {
		s.Detail["evidence"] = s.Evidence
	}
	if a.Safe != nil {
		s.Detail["safe"], s.Detail["missing"] = a.Safe, a.Missing
	}
	return s, a.prove(ctx, tx, t, &s, at)
}

func evidenceCodes(list []response.Evidence) []string {
	codes := []string{}
	for _, e := range list {
		codes = append(codes, string(e))
	}
	return codes
}
