package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/warning"
)

// Target (受影响点位) is a site under a warning, with the measure it is asked to
// carry out and the reasons in words.
type Target struct {
	Candidate
	ID          uuid.UUID // of its row; zero until it is written
	Measure     warning.Measure
	ClosedArea  bool
	Scope       string // which work the measure is about; empty for the whole site
	Before      string // by when, when there is such a time
	Sentence    string // the instruction in words
	Why         []string
	Responsible []Contact
}

func (t Target) place() account.Place {
	return account.Place{Region: t.Region, Project: t.ProjectID, Section: t.SectionID, SiteID: t.SiteID}
}

func (t Target) standing() warning.Standing {
	return warning.Standing{Level: warning.Level(t.Level), Measure: t.Measure, ClosedArea: t.ClosedArea, Certain: t.MatchCertain}
}

// Preview is what a warning would ask of whom, at an instant: the same answer
// that publishing it then would freeze.
type Preview struct {
	AsOf    time.Time
	Targets []Target
	Dropped []Target // matched, but taken out by an officer
}

// preview is the heart of both previewing and publishing.
func preview(ctx context.Context, tx pgx.Tx, scope account.Scope, authority uuid.UUID, self *uuid.UUID, c Content, at time.Time) (Preview, error) {
	policy, _, err := policyFor(ctx, tx, authority, at)
	if err != nil {
		return Preview{}, err
	}
	if err := matchSites(ctx, tx, matchAreas(c)); err != nil {
		return Preview{}, err
	}
	if err := addSites(ctx, tx, chosen(c.Choices, "add")); err != nil {
		return Preview{}, err
	}
	found, err := candidates(ctx, tx, scope, c.Mode, self, at)
	if err != nil {
		return Preview{}, err
	}
	if err := refuseForeignChoices(c.Choices, found); err != nil {
		return Preview{}, err
	}
	p := decideTargets(policy, c, found, at)
	return p, answerFor(ctx, tx, p.Targets, at)
}

func matchAreas(c Content) []matchArea {
	var list []matchArea
	for i, a := range c.Areas {
		list = append(list, matchArea{Seq: i + 1, Level: string(a.Level), Certain: a.Certain, Regions: a.Regions, Geometry: a.Geometry})
	}
	return list
}

func chosen(choices []Choice, act string) []uuid.UUID {
	var list []uuid.UUID
	for _, c := range choices {
		if c.Act == act {
			list = append(list, c.SiteID)
		}
	}
	return list
}

// refuseForeignChoices stops an officer from adding a site outside his scope.
func refuseForeignChoices(choices []Choice, found []Candidate) error {
	for _, id := range chosen(choices, "add") {
		if !slices.ContainsFunc(found, func(c Candidate) bool { return c.SiteID == id }) {
			return errs.New(errs.Outside, "site_outside", "要加入的点位不在您的管辖范围，或已撤销")
		}
	}
	return nil
}

// decideTargets proposes a measure for every candidate and applies what the
// officer chose. It is a pure function of what was read.
func decideTargets(policy *warning.Policy, c Content, found []Candidate, at time.Time) Preview {
	choices := map[uuid.UUID]Choice{}
	for _, ch := range c.Choices {
		choices[ch.SiteID] = ch
	}
	p := Preview{AsOf: at, Targets: make([]Target, 0, len(found))}
	for _, cand := range found {
		t := proposeFor(policy, c, cand, at)
		ch, has := choices[cand.SiteID]
		switch {
		case has && ch.Act == "drop":
			t.Why = append(t.Why, "值班员去掉："+ch.Reason)
			p.Dropped = append(p.Dropped, t)
			continue
		case has && ch.Measure != "":
			t.Why = append(t.Why, "值班员改为"+ch.Measure.Label()+"："+ch.Reason)
			t.Measure, t.ClosedArea, t.Scope, t.Before = ch.Measure, false, "", ""
			t.Sentence = policy.Sentences[ch.Measure] + policy.Clauses[c.Hazard]
		case has:
			t.Why = append(t.Why, "值班员加入："+ch.Reason)
		}
		p.Targets = append(p.Targets, t)
	}
	return p
}

func proposeFor(policy *warning.Policy, c Content, cand Candidate, at time.Time) Target {
	s := warning.Situation{
		Hazard: c.Hazard, Level: warning.Level(cand.Level), Kind: cand.Kind, Sleeps: cand.Sleeps,
		AtRisk: cand.AtRisk, RiskReason: cand.RiskReason, LowDangerReport: cand.LowDanger,
		SectionStatus: cand.SectionStatus, Empty: cand.PeopleCertain+cand.PeoplePossible == 0 && cand.PeopleExpected == 0,
		Possible: !cand.MatchCertain, DarkHours: warning.HoldsDarkHours(c.Onset, c.Expires),
		DarkAlready: warning.TooLateForDaylight(at),
	}
	for _, h := range cand.OtherHazards {
		s.OtherFamilies = append(s.OtherFamilies, warning.Hazard(h))
	}
	// What other warnings ask of the site is not mixed in: when one of them is
	// lifted, this one's measure must still be its own. The site's card shows the
	// strictest.
	p := policy.Propose(s)
	return Target{Candidate: cand, Measure: p.Measure, ClosedArea: p.ClosedArea, Scope: p.Scope, Before: p.Before,
		Sentence: p.Sentence, Why: append(whyMatched(cand), p.Why...)}
}

// whyMatched says in words how a site came under the warning.
func whyMatched(c Candidate) []string {
	words := map[string]string{
		byArea:     "位于预警区域内",
		byCode:     "登记的行政区划在预警区划内",
		byPosition: "位置在预警区划的正式边界内",
		byCounty:   "未登记乡镇，所在县含预警乡镇，只按可能匹配",
		byOfficer:  "由值班员加入",
	}
	var why []string
	for _, by := range c.MatchedBy {
		why = append(why, words[by])
	}
	has := func(by string) bool { return slices.Contains(c.MatchedBy, by) }
	if c.OfficialOutline && has(byCode) != has(byPosition) && (has(byCode) || has(byPosition)) {
		why = append(why, "登记区划与位置不一致，请核对")
	}
	return why
}

// answerFor adds the people who answer for each target.
func answerFor(ctx context.Context, q querier, targets []Target, at time.Time) error {
	sites := make([]siteSection, len(targets))
	for i, t := range targets {
		sites[i] = siteSection{t.SiteID, t.SectionID}
	}
	by, err := contacts(ctx, q, sites, at)
	if err != nil {
		return err
	}
	for i := range targets {
		targets[i].Responsible = by[targets[i].SiteID]
	}
	return nil
}
