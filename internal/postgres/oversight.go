package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/errs"
	"muster/internal/response"
	"muster/internal/warning"
)

// watcher is an authority that answers for some of the sites under a warning.
type watcher struct {
	AuthorityID uuid.UUID
	Level       string
	Regions     []string
	Projects    []uuid.UUID
}

var partyOfLevel = map[string]response.Party{"county": response.AtCounty, "city": response.AtCity, "province": response.AtProvince}

// watch opens the authorities' own threads: each gets one digest while something
// at its sites is overdue. The rhythm is that of its strictest site.
func watch(ctx context.Context, tx pgx.Tx, b brief, targets []Target, at time.Time) error {
	watchers, err := watchersOf(ctx, tx, targets, at)
	if err != nil {
		return err
	}
	for _, w := range watchers {
		strictest, some := w.strictest(targets)
		if !some {
			continue
		}
		plan := b.rules.Oversee(partyOfLevel[w.Level], strictest, at)
		if len(plan.Steps) == 0 {
			continue // not on the ladder of these measures
		}
		before, had, err := strictestBefore(ctx, tx, b, w, at)
		if err != nil {
			return err
		}
		anew := had && stricter(strictest, before)
		if err := openOversight(ctx, tx, b, w, plan, anew, at); err != nil {
			return err
		}
	}
	return nil
}

func watchersOf(ctx context.Context, q querier, targets []Target, at time.Time) ([]watcher, error) {
	regions, projects := distinct(targets)
	return collect[watcher](ctx, q, `
		SELECT a.id AS authority_id, a.level,
		       ARRAY(SELECT r FROM unnest($1::text[]) r JOIN authority_territory t ON t.authority_id = a.id
		             WHERE r COLLATE "C" >= t.lo AND r COLLATE "C" < t.hi) AS regions,
		       ARRAY(SELECT v.project_id FROM supervision v WHERE v.authority_id = a.id AND v.project_id = ANY($2)
		             AND v.from_at <= $3 AND (v.until_at IS NULL OR v.until_at > $3)) AS projects
		FROM   authority a WHERE a.kind = 'transport' ORDER BY a.id`, regions, projects, at)
}

func distinct(targets []Target) (regions []string, projects []uuid.UUID) {
	seenRegion, seenProject := map[string]bool{}, map[uuid.UUID]bool{}
	for _, t := range targets {
		if !seenRegion[t.Region] {
			seenRegion[t.Region] = true
			regions = append(regions, t.Region)
		}
		if !seenProject[t.ProjectID] {
			seenProject[t.ProjectID] = true
			projects = append(projects, t.ProjectID)
		}
	}
	return regions, projects
}

func (w watcher) strictest(targets []Target) (response.Situation, bool) {
	regions, projects := map[string]bool{}, map[uuid.UUID]bool{}
	for _, r := range w.Regions {
		regions[r] = true
	}
	for _, p := range w.Projects {
		projects[p] = true
	}
	var s response.Situation
	for _, t := range targets {
		if !regions[t.Region] && !projects[t.ProjectID] {
			continue
		}
		level := warning.Level(t.Level)
		if next := (response.Situation{Measure: t.Measure, Level: level}); s.Measure == "" || stricter(next, s) {
			s = next
		}
	}
	return s, s.Measure != ""
}

func stricter(a, b response.Situation) bool {
	d := a.Measure.Strictness() - b.Measure.Strictness()
	return d > 0 || d == 0 && a.Level.Rank() > b.Level.Rank()
}

// strictestBefore is the strictest of an authority's targets in the revision
// before this one.
func strictestBefore(ctx context.Context, q querier, b brief, w watcher, at time.Time) (s response.Situation, some bool, err error) {
	err = kindOf(q.QueryRow(ctx, `
		SELECT r.measure, r.level FROM target r
		WHERE  r.warning_id = $1 AND r.from_revision < $4 AND (r.until_revision IS NULL OR r.until_revision >= $4) AND `+heldBySQL+strictestFirst+` LIMIT 1`,
		b.WarningID, w.AuthorityID, at, b.Revision).Scan(&s.Measure, &s.Level))
	if errs.Is(err, errs.NotFound) {
		return s, false, nil
	}
	return s, err == nil, err
}

// openOversight keeps the thread that is there and begins its rhythm anew when
// the warning has become stricter for it.
func openOversight(ctx context.Context, tx pgx.Tx, b brief, w watcher, plan response.Plan, anew bool, at time.Time) error {
	var id uuid.UUID
	err := tx.QueryRow(ctx, `
		INSERT INTO oversight (id, warning_id, mode, authority_id, opened_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (warning_id, authority_id) DO UPDATE SET mode = excluded.mode RETURNING id`,
		newID(), b.WarningID, b.Mode, w.AuthorityID, at).Scan(&id)
	if err != nil {
		return err
	}
	if anew {
		if err := endDuties(ctx, tx, []uuid.UUID{id}, response.DutyDropped, "upgraded", at); err != nil {
			return err
		}
	}
	c := plan.Climb(0, at, at)
	return openDuties(ctx, tx, []duty{{ID: newID(), Mode: b.Mode, Kind: response.MustOversee, SubjectKind: "oversight", SubjectID: id,
		WarningID: b.WarningID, OpenedAt: at, DueAt: plan.Due, Step: c.Done, NextAt: nextLook(c, at)}})
}

// overdue are the three numbers of a digest (简报).
type overdue struct{ Total, Unanswered, Unfinished, Unverified int }

func (o overdue) any() bool { return o.Unanswered+o.Unfinished+o.Unverified > 0 }

// heldBySQL: the site of response r is the authority's ($2), by its territory or
// by its supervision at an instant ($3).
const heldBySQL = `
		(EXISTS (SELECT FROM authority_territory t WHERE t.authority_id = $2 AND r.region COLLATE "C" >= t.lo AND r.region COLLATE "C" < t.hi)
		 OR EXISTS (SELECT FROM supervision v WHERE v.authority_id = $2 AND v.project_id = r.project_id AND v.from_at <= $3
		            AND (v.until_at IS NULL OR v.until_at > $3)))`

const strictestFirst = `
		ORDER  BY array_position(ARRAY['evacuate', 'shelter', 'keep_out', 'stop', 'patrol', 'read'], r.measure),
		          array_position(ARRAY['red', 'orange', 'unknown', 'yellow', 'blue'], r.level)`

// overdueOf counts an authority's sites under a warning: how many, and of how
// many the clock ran out at each of the three stages.
func overdueOf(ctx context.Context, q querier, warningID, authority uuid.UUID, at time.Time) (overdue, error) {
	var o overdue
	err := q.QueryRow(ctx, `
		SELECT count(*),
		       count(*) FILTER (WHERE d.kind = 'acknowledge'),
		       count(*) FILTER (WHERE d.kind IN ('act', 'report')),
		       count(*) FILTER (WHERE d.kind IN ('confirm', 'verify'))
		FROM   response r LEFT JOIN duty d ON d.subject_id = r.id AND d.state = 'open' AND d.due_at <= $3
		WHERE  r.warning_id = $1 AND r.ended_at IS NULL AND `+heldBySQL, warningID, authority, at).
		Scan(&o.Total, &o.Unanswered, &o.Unfinished, &o.Unverified)
	return o, kindOf(err)
}
