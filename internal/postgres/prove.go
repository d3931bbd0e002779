package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/errs"
	"muster/internal/response"
	"muster/internal/roster"
)

// prove looks at what an answer rests on: a report needs its evidence and is
// looked at for doubts, a check needs somebody who may check.
func (a Answer) prove(ctx context.Context, tx pgx.Tx, t *thread, s *stepTo, at time.Time) error {
	switch a.Event {
	case response.Report, response.CarryOut:
		return a.proveReport(ctx, tx, t, s, at)
	case response.Confirm, response.Verify, response.Refuse:
		return a.proveCheck(ctx, tx, t, at)
	}
	return nil
}

func (a Answer) claim(t *thread) response.Claim {
	c := response.Claim{Measure: t.Measure, Level: t.Level, AtRisk: t.AtRisk, Evidence: a.Evidence}
	if a.Missing != nil {
		c.Missing = *a.Missing
	}
	return c
}

func (a Answer) proveReport(ctx context.Context, tx pgx.Tx, t *thread, s *stepTo, at time.Time) error {
	b, err := briefFor(ctx, tx, *t, at)
	if err != nil {
		return err
	}
	if err := b.rules.MayReport(a.claim(t)); err != nil {
		return err
	}
	facts, err := reportFacts(ctx, tx, t, a, at)
	if err != nil {
		return err
	}
	doubts := []response.Doubt{}
	for _, d := range b.rules.Doubts(facts) {
		doubts = append(doubts, d)
		if !slices.Contains(s.Doubts, d.Code) {
			s.Doubts = append(s.Doubts, d.Code)
		}
	}
	s.Detail["doubts"] = doubts
	s.Drawn, err = mustLook(ctx, tx, b, t, len(doubts) > 0)
	return err
}

// reportFacts is what is known at the site when the report comes in; of what
// nobody knows, -1. The evening count is the last one of the day before. Photos
// speak until the report they were for is refused.
func reportFacts(ctx context.Context, q querier, t *thread, a Answer, at time.Time) (response.ReportFacts, error) {
	f := response.ReportFacts{Measure: t.Measure, Evidence: a.Evidence, Took: at.Sub(t.OpenedAt), People: -1, Certain: -1, Beds: -1, Evening: -1,
		NoSignal: t.NoSignal, At: at}
	if a.Safe != nil {
		f.People = *a.Safe + a.elsewhere
	}
	var refused *time.Time
	err := q.QueryRow(ctx, `
		SELECT coalesce(g.people_certain, -1),
		       (SELECT count(*) FROM bed b WHERE b.site_id = $2 AND b.valid_from <= $3 AND (b.valid_until IS NULL OR b.valid_until > $3)),
		       coalesce((SELECT n.people FROM evening_count n WHERE n.site_id = $2 AND n.counted_at > $4 AND n.counted_at <= $3
		                 ORDER BY n.day DESC, n.recorded_at DESC LIMIT 1), -1),
		       (SELECT max(e.recorded_at) FROM response_event e JOIN response o ON o.id = e.response_id WHERE o.site_id = $2 AND e.event = 'refused'),
		       NOT EXISTS (SELECT FROM response o WHERE o.site_id = $2 AND o.id <> $1 AND o.reported_at IS NOT NULL),
		       EXISTS (SELECT FROM photo o WHERE o.response_id = $1 AND cardinality(o.faults) > 0
		               AND o.recorded_at > coalesce((SELECT max(e.recorded_at) FROM response_event e WHERE e.response_id = $1 AND e.event = 'refused'), '-infinity'))
		FROM   response r LEFT JOIN target g ON g.id = r.target_id WHERE r.id = $1`, t.ID, t.SiteID, at, at.Add(-roster.EveningHolds)).
		Scan(&f.Certain, &f.Beds, &f.Evening, &refused, &f.First, &f.PhotoUsed)
	if refused != nil {
		f.LastRefused = *refused
	}
	if f.Beds == 0 {
		f.Beds = -1 // nobody is registered there: not a count
	}
	return f, kindOf(err)
}

// mustLook says whether an authority looks at this report itself: where every one
// is looked at, where it is doubted, or by lot among what the warning asks for
// the same measure and level.
func mustLook(ctx context.Context, tx pgx.Tx, b brief, t *thread, doubted bool) (bool, error) {
	row := b.rules.EvidenceFor(t.Measure, t.Level, t.AtRisk)
	if doubted || row.Verify == response.VerifyEvery {
		return true, nil
	}
	if row.Verify != response.VerifyDraw || t.WarningID == nil {
		return false, nil
	}
	var secret []byte
	if err := tx.QueryRow(ctx, "SELECT secret FROM lottery WHERE warning_id = $1", t.WarningID).Scan(&secret); err != nil {
		return false, kindOf(err)
	}
	list, err := ids(ctx, tx, "SELECT id FROM response WHERE warning_id = $1 AND measure = $2 AND level = $3 ORDER BY id", t.WarningID, t.Measure, t.Level)
	if err != nil {
		return false, err
	}
	drawn := response.Draw(secret, t.WarningID.String(), response.Stratum{Authority: deref(b.AuthorityID).String(), Measure: t.Measure, Level: t.Level},
		column(list, uuid.UUID.String), row.Rate)
	return slices.Contains(drawn, t.ID.String()), nil
}

func (a Answer) proveCheck(ctx context.Context, tx pgx.Tx, t *thread, at time.Time) error {
	who, err := a.checker(ctx, tx, t, at)
	if err != nil {
		return err
	}
	b, err := briefFor(ctx, tx, *t, at)
	if err != nil {
		return err
	}
	switch a.Event {
	case response.Confirm:
		return b.rules.MayConfirm(a.claim(t), who, slices.Contains(a.Flags, "cut_off"))
	case response.Verify:
		return b.rules.MayVerify(a.claim(t), who)
	}
	if who.ID == who.Reporter {
		return errs.New(errs.Forbidden, "own_report", "报告人不能退回自己的报告")
	}
	if response.Refusal(a.Reason).Label() == "" {
		return errs.New(errs.Fix, "refusal", "退回要选择理由").With(errs.Detail{Where: "reason", Text: "没有这个理由", Mend: "见 /api/v1/vocabulary"})
	}
	return nil
}

// checker is who checks, seen from this site: his posts are looked up, not
// believed.
func (a Answer) checker(ctx context.Context, q querier, t *thread, at time.Time) (response.Checker, error) {
	who := response.Checker{ID: a.By.ID.String(), Reporter: deref(t.ReportedBy).String(), Confirmer: deref(t.ConfirmedBy).String()}
	err := q.QueryRow(ctx, `
		WITH mine AS (SELECT g.* FROM user_grant g WHERE g.user_id = $1 AND g.from_at <= $4 AND (g.until_at IS NULL OR g.until_at > $4)),
		     here AS (SELECT s.id, s.supervised_by, s.company_id, s.project_id, f.parent_id, p.owner_id
		              FROM section s JOIN company f ON f.id = s.company_id JOIN project p ON p.id = s.project_id WHERE s.id = $2)
		SELECT EXISTS (SELECT FROM mine, here WHERE mine.role = 'supervisor' AND (mine.section_id IN (here.supervised_by, here.id) OR mine.project_id = here.project_id)),
		       EXISTS (SELECT FROM mine JOIN authority a ON a.id = mine.authority_id WHERE mine.role IN ('duty_officer', 'duty_leader')),
		       EXISTS (SELECT FROM mine, here WHERE mine.role <> 'supervisor' AND (mine.site_id = $3 OR mine.section_id = here.id
		               OR mine.project_id = here.project_id OR mine.company_id IN (here.company_id, here.owner_id, here.parent_id)))`,
		a.By.ID, t.SectionID, t.SiteID, at).Scan(&who.Supervises, &who.Authority, &who.Tied)
	return who, kindOf(err)
}
