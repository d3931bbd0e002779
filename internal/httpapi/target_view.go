package httpapi

import (
	"muster/internal/postgres"
	"muster/internal/roster"
)

// viewFrozen shows a target as it was published, with who is there now beside
// who was there then.
func viewFrozen(t postgres.TargetRow) targetView {
	id := t.ID
	return targetView{ID: &id, SiteID: t.SiteID, Name: t.Name, Kind: t.Kind, KindLabel: roster.SiteKind(t.Kind).Label(),
		Lon: t.Lon, Lat: t.Lat, RegionName: t.RegionName, Section: unitView{t.SectionID, t.SectionCode, t.SectionName},
		Project: idName{t.ProjectID, t.ProjectName}, Company: t.Company, Level: string(t.Level), LevelLabel: t.Level.Label(),
		Measure: string(t.Measure), MeasureLabel: t.Measure.Label(), ClosedArea: t.ClosedArea,
		Match: viewMatch(t.MatchCertain, t.MatchedBy, t.Reasons.Why), Why: t.Reasons.Why, Sentence: t.Reasons.Sentence,
		People:       countView{t.PeopleCertain, t.PeoplePossible, t.FrozenExpected, t.LastEvidenceAt},
		Frozen:       &frozenView{t.FrozenCertain, t.FrozenPossible, t.FrozenExpected, t.CountedAt},
		FromRevision: t.FromRevision, UntilRevision: t.UntilRevision, Responsible: []contactView{}}
}
