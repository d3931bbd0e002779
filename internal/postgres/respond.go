package postgres

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/response"
	"muster/internal/warning"
)

// respond writes what a revision means for those who answer: threads that begin,
// that are asked anew, that go on in silence, that are let go; their clocks; the
// first notices; the authorities that watch. It belongs to the publishing
// transaction.
func respond(ctx context.Context, tx pgx.Tx, w locked, pre Preview, d warning.Difference[uuid.UUID], at time.Time) error {
	b, err := briefOf(ctx, tx, w.ID)
	if err != nil {
		return err
	}
	byID := make(map[uuid.UUID]*Target, len(pre.Targets))
	for i := range pre.Targets {
		byID[pre.Targets[i].SiteID] = &pre.Targets[i]
	}
	fresh, err := beginThreads(ctx, tx, w, b, pick(byID, d.Added), at)
	if err != nil {
		return err
	}
	again, err := continueThreads(ctx, tx, w, b, pick(byID, d.Changed), at)
	if err != nil {
		return err
	}
	if err := askFirst(ctx, tx, b, append(fresh, again...), byID, at); err != nil {
		return err
	}
	if err := releaseThreads(ctx, tx, b, d.Released, at); err != nil {
		return err
	}
	if err := replaceExpired(ctx, tx, b, at); err != nil {
		return err
	}
	if err := commitLot(ctx, tx, w.ID, at); err != nil {
		return err
	}
	return watch(ctx, tx, b, pre.Targets, at)
}

func pick(byID map[uuid.UUID]*Target, ids []uuid.UUID) []*Target {
	list := make([]*Target, 0, len(ids))
	for _, id := range ids {
		if t := byID[id]; t != nil {
			list = append(list, t)
		}
	}
	return list
}

// beginThreads writes a thread for each site that comes under the warning. One
// that was let go by an earlier revision is asked anew.
func beginThreads(ctx context.Context, tx pgx.Tx, w locked, b brief, targets []*Target, at time.Time) ([]thread, error) {
	back, err := returning(ctx, tx, w, targets, at)
	if err != nil {
		return nil, err
	}
	list := make([]thread, 0, len(targets))
	for _, t := range targets {
		if back[t.SiteID] == uuid.Nil {
			list = append(list, threadOf(newID(), w, b, t, at))
		}
	}
	if err := copyThreads(ctx, tx, list, at); err != nil {
		return nil, err
	}
	for _, t := range targets {
		if id := back[t.SiteID]; id != uuid.Nil {
			list = append(list, threadOf(id, w, b, t, at))
		}
	}
	return list, nil
}

// copyThreads writes threads that begin; the target of each is the one that was
// written just now.
func copyThreads(ctx context.Context, tx pgx.Tx, list []thread, at time.Time) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"response"}, []string{"id", "mode", "warning_id", "target_id", "site_id", "site_name", "region",
		"project_id", "section_id", "measure", "level", "sleeps", "no_signal", "at_risk", "cause", "state", "since", "opened_at"},
		pgx.CopyFromSlice(len(list), func(i int) ([]any, error) {
			t := &list[i]
			return []any{t.ID, t.Mode, t.WarningID, t.TargetID, t.SiteID, t.SiteName, t.Region, t.ProjectID, t.SectionID, string(t.Measure),
				string(t.Level), t.Sleeps, t.NoSignal, t.AtRisk, t.Cause, string(t.State), at, at}, nil
		}))
	return err
}

func threadOf(id uuid.UUID, w locked, b brief, t *Target, at time.Time) thread {
	return thread{ID: id, Mode: w.Mode, WarningID: &w.ID, TargetID: &t.ID, SiteID: t.SiteID, SiteName: t.Name, Region: t.Region, ProjectID: t.ProjectID,
		SectionID: t.SectionID, Measure: t.Measure, Level: warning.Level(t.Level), Sleeps: t.Sleeps, NoSignal: t.Signal == "none",
		AtRisk: t.AtRisk, Cause: "warning", State: response.Pending, Since: at, OpenedAt: at, WindowEnd: b.Expires,
		Sentence: t.Sentence, MusterPoint: t.MusterPoint}
}

// returning asks the sites anew that were let go and come back.
func returning(ctx context.Context, tx pgx.Tx, w locked, targets []*Target, at time.Time) (map[uuid.UUID]uuid.UUID, error) {
	back := map[uuid.UUID]uuid.UUID{}
	if w.Revision == 1 {
		return back, nil
	}
	ids, err := siteThreads(ctx, tx, w.ID, column(targets, func(t *Target) uuid.UUID { return t.SiteID }))
	if err != nil {
		return nil, err
	}
	threads, err := lockThreads(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	for i := range threads {
		back[threads[i].SiteID] = threads[i].ID
		if err := askAnew(ctx, tx, w, &threads[i], false, at); err != nil {
			return nil, err
		}
	}
	return back, nil
}

func siteThreads(ctx context.Context, q querier, warningID uuid.UUID, sites []uuid.UUID) ([]uuid.UUID, error) {
	return ids(ctx, q, "SELECT id FROM response WHERE warning_id = $1 AND site_id = ANY($2)", warningID, sites)
}

// continueThreads carries changed sites on. Another measure or a higher level is
// asked anew from the first rung; anything milder goes on in silence.
func continueThreads(ctx context.Context, tx pgx.Tx, w locked, b brief, targets []*Target, at time.Time) ([]thread, error) {
	if len(targets) == 0 {
		return nil, nil
	}
	of := map[uuid.UUID]*Target{}
	for _, t := range targets {
		of[t.SiteID] = t
	}
	ids, err := siteThreads(ctx, tx, w.ID, column(targets, func(t *Target) uuid.UUID { return t.SiteID }))
	if err != nil {
		return nil, err
	}
	threads, err := lockThreads(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	var again []thread
	for i := range threads {
		t, target := &threads[i], of[threads[i].SiteID]
		higher := warning.Level(target.Level).Rank() > t.Level.Rank()
		anew, stricter := higher || target.Measure != t.Measure, higher || target.Measure.Strictness() > t.Measure.Strictness()
		t.Measure, t.Level, t.Sentence, t.Upgrade = target.Measure, warning.Level(target.Level), target.Sentence, stricter
		if !anew {
			if err := milder(ctx, tx, w, b, t, at); err != nil {
				return nil, err
			}
			continue
		}
		if err := askAnew(ctx, tx, w, t, stricter, at); err != nil {
			return nil, err
		}
		again = append(again, *t)
	}
	return again, nil
}

// retarget points a thread at the row of target that holds now.
func retarget(ctx context.Context, tx pgx.Tx, w locked, t *thread) error {
	_, err := tx.Exec(ctx, `
		UPDATE response r SET target_id = t.id, measure = t.measure, level = t.level
		FROM   target t WHERE r.id = $1 AND t.warning_id = $2 AND t.site_id = r.site_id AND t.until_revision IS NULL`, t.ID, w.ID)
	return err
}

// milder carries a thread on in silence. The steps of its clock are counted anew:
// those of a milder level come later, and none of them may be passed over.
func milder(ctx context.Context, tx pgx.Tx, w locked, b brief, t *thread, at time.Time) error {
	if err := retarget(ctx, tx, w, t); err != nil {
		return err
	}
	open, err := collect[duty](ctx, tx, "SELECT "+dutyColumns+" FROM duty WHERE subject_id = $1 AND state = 'open' FOR UPDATE", t.ID)
	if err != nil {
		return err
	}
	for i := range open {
		plan := b.rules.Plan(open[i].Kind, t.situation(), open[i].OpenedAt)
		c := plan.Climb(0, open[i].OpenedAt, at)
		open[i].Step, open[i].NextAt = c.Done, nextLook(c, at)
		if !plan.Due.IsZero() {
			open[i].DueAt = plan.Due
		}
	}
	return wroteClimbs(ctx, tx, open)
}

// askAnew sends a thread back to its beginning, with fresh clocks; stricter says
// that the words are those of an upgrade.
func askAnew(ctx context.Context, tx pgx.Tx, w locked, t *thread, stricter bool, at time.Time) error {
	to, changed, err := response.Next(t.State, response.Upgrade, t.Measure)
	if err != nil {
		return err
	}
	if err := retarget(ctx, tx, w, t); err != nil {
		return err
	}
	if err := endDuties(ctx, tx, []uuid.UUID{t.ID}, response.DutyDropped, "upgraded", at); err != nil {
		return err
	}
	if err := supersede(ctx, tx, []uuid.UUID{t.ID}); err != nil {
		return err
	}
	if _, err := t.write(ctx, tx, stepTo{EventID: newID(), Event: response.Upgrade, To: to, At: at, Actor: machine, Changed: changed,
		Detail: map[string]any{"revision": w.Revision, "stricter": stricter}}, at); err != nil {
		return err
	}
	t.OpenedAt = at
	_, err = tx.Exec(ctx, `
		UPDATE response SET opened_at = $2, delivered_at = NULL, read_at = NULL, acknowledged_at = NULL, acted_at = NULL, reported_at = NULL,
		       confirmed_at = NULL, verified_at = NULL, ended_at = NULL, people_safe = NULL, people_missing = NULL, evidence = '{}', doubts = '{}',
		       drawn = false, reported_by = NULL, confirmed_by = NULL WHERE id = $1`, t.ID, at)
	return err
}

// commitLot binds the authority to a secret before anybody reports.
func commitLot(ctx context.Context, tx pgx.Tx, warningID uuid.UUID, at time.Time) error {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret)
	_, err := tx.Exec(ctx, "INSERT INTO lottery (warning_id, commitment, secret, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
		warningID, response.Commitment(secret), secret, at)
	return err
}
