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
	worst := worstOf(targets)
	plans := map[overseen]response.Plan{}
	var opened []overseeing
	for _, w := range watchers {
		strictest, some := w.strictest(worst)
		if !some {
			continue
		}
		key := overseen{partyOfLevel[w.Level], strictest}
		plan, there := plans[key]
		if !there {
			plan = b.rules.Oversee(key.party, strictest, at)
			plans[key] = plan
		}
		if len(plan.Steps) == 0 {
			continue // not on the ladder of these measures
		}
		before, had, err := strictestBefore(ctx, tx, b, w, at)
		if err != nil {
			return err
		}
		opened = append(opened, overseeing{w.AuthorityID, plan, had && stricter(strictest, before)})
	}
	return openOversights(ctx, tx, b, opened, at)
}

// overseen is what the plan of an authority depends on.
type overseen struct {
	party response.Party
	response.Situation
}

// overseeing is the thread of one authority that is to be opened.
type overseeing struct {
	authority uuid.UUID
	plan      response.Plan
	anew      bool // the warning has become stricter for it
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

// worst is the strictest situation in each region and in each project.
type worst struct {
	regions  map[string]response.Situation
	projects map[uuid.UUID]response.Situation
}

func worstOf(targets []Target) worst {
	w := worst{map[string]response.Situation{}, map[uuid.UUID]response.Situation{}}
	for i := range targets {
		t := &targets[i]
		s := response.Situation{Measure: t.Measure, Level: warning.Level(t.Level)}
		w.regions[t.Region] = strictestOf(w.regions[t.Region], s)
		w.projects[t.ProjectID] = strictestOf(w.projects[t.ProjectID], s)
	}
	return w
}

func strictestOf(a, b response.Situation) response.Situation {
	if a.Measure == "" || b.Measure != "" && stricter(b, a) {
		return b
	}
	return a
}

func (w watcher) strictest(of worst) (response.Situation, bool) {
	var s response.Situation
	for _, r := range w.Regions {
		s = strictestOf(s, of.regions[r])
	}
	for _, p := range w.Projects {
		s = strictestOf(s, of.projects[p])
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
	if *b.Revision == 1 {
		return s, false, nil
	}
	err = kindOf(q.QueryRow(ctx, `
		SELECT r.measure, r.level FROM target r
		WHERE  r.warning_id = $1 AND r.from_revision < $4 AND (r.until_revision IS NULL OR r.until_revision >= $4) AND `+heldBySQL+strictestFirst+` LIMIT 1`,
		b.WarningID, w.AuthorityID, at, b.Revision).Scan(&s.Measure, &s.Level))
	if errs.Is(err, errs.NotFound) {
		return s, false, nil
	}
	return s, err == nil, err
}

// openOversights keeps the threads that are there and begins their rhythm anew where
// the warning has become stricter.
func openOversights(ctx context.Context, tx pgx.Tx, b brief, list []overseeing, at time.Time) error {
	if len(list) == 0 {
		return nil
	}
	rows, err := collect[struct{ ID, AuthorityID uuid.UUID }](ctx, tx, `
		INSERT INTO oversight (id, warning_id, mode, authority_id, opened_at)
		SELECT o.id, $1, $2, o.authority, $3 FROM unnest($4::uuid[], $5::uuid[]) AS o (id, authority)
		ON CONFLICT (warning_id, authority_id) DO UPDATE SET mode = excluded.mode RETURNING id, authority_id`,
		b.WarningID, b.Mode, at, column(list, func(overseeing) uuid.UUID { return newID() }),
		column(list, func(o overseeing) uuid.UUID { return o.authority }))
	if err != nil {
		return err
	}
	of := map[uuid.UUID]uuid.UUID{}
	for _, r := range rows {
		of[r.AuthorityID] = r.ID
	}
	var anew []uuid.UUID
	var duties []duty
	for _, o := range list {
		id := of[o.authority]
		if o.anew {
			anew = append(anew, id)
		}
		c := o.plan.Climb(0, at, at)
		duties = append(duties, duty{ID: newID(), Mode: b.Mode, Kind: response.MustOversee, SubjectKind: "oversight", SubjectID: id,
			WarningID: b.WarningID, OpenedAt: at, DueAt: o.plan.Due, Step: c.Done, NextAt: nextLook(c, at)})
	}
	if err := endDuties(ctx, tx, anew, response.DutyDropped, "upgraded", at); err != nil {
		return err
	}
	return openDuties(ctx, tx, duties)
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
