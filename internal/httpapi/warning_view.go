package httpapi

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb/geojson"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/roster"
	"muster/internal/warning"
)

type codeLabel struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

type warningRow struct {
	ID          uuid.UUID   `json:"id"`
	Mode        string      `json:"mode"`
	State       string      `json:"state"`
	Version     int         `json:"version"`
	Revision    int         `json:"revision"`
	Kind        string      `json:"kind"`
	KindLabel   string      `json:"kind_label"`
	Intent      string      `json:"intent"`
	FollowsID   *uuid.UUID  `json:"follows_id"`
	Title       string      `json:"title"`
	Hazard      string      `json:"hazard"`
	HazardLabel string      `json:"hazard_label"`
	Level       string      `json:"level"`
	LevelLabel  string      `json:"level_label"`
	Authority   idName      `json:"authority"`
	Issuer      string      `json:"issuer"`
	IssuedAt    *time.Time  `json:"issued_at"`
	Basis       string      `json:"basis"`
	Note        string      `json:"note"`
	Onset       *time.Time  `json:"onset"`
	Expires     time.Time   `json:"expires"`
	CreatedAt   time.Time   `json:"created_at"`
	PublishedAt *time.Time  `json:"published_at"`
	ClosedAt    *time.Time  `json:"closed_at"`
	ClosedWhy   string      `json:"closed_reason"`
	MessageID   *uuid.UUID  `json:"message_id"`
	EpisodeID   *uuid.UUID  `json:"episode_id"`
	Totals      *totalsRow  `json:"totals"`
	Flags       []codeLabel `json:"flags"`
	Overdue     bool        `json:"overdue"`
	DeskView
}

type idName struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
}

type totalsRow struct {
	Sites    int `json:"sites"`
	Certain  int `json:"certain"`
	Possible int `json:"possible"`
}

var kindLabels = map[string]string{"relay": "转发", "auto_relay": "自动转发", "instruction": "行业提示"}

func viewRow(w postgres.Warning) warningRow {
	v := warningRow{ID: w.ID, Mode: w.Mode, State: w.State, Version: w.Version, Revision: w.Revision, Kind: w.Kind,
		KindLabel: kindLabels[w.Kind], Intent: w.Intent, FollowsID: w.FollowsID, Title: w.Title, Hazard: string(w.Hazard),
		HazardLabel: w.Hazard.Label(), Level: string(w.Level), LevelLabel: w.Level.Label(), Authority: idName{w.AuthorityID, w.AuthorityName},
		Issuer: w.Issuer, IssuedAt: w.IssuedAt, Basis: w.Basis, Note: w.Note, Onset: w.Onset, Expires: w.Expires, CreatedAt: w.CreatedAt,
		PublishedAt: w.PublishedAt, ClosedAt: w.ClosedAt, ClosedWhy: w.ClosedReason, MessageID: w.MessageID, EpisodeID: w.EpisodeID,
		Flags: viewFlags(w.Flags), Overdue: w.State == "expired"}
	if w.State != "draft" && w.State != "discarded" {
		v.Totals = &totalsRow{w.Sites, w.Certain, w.Possible}
	}
	return v
}

func viewFlags(flags []string) []codeLabel {
	list := []codeLabel{}
	for _, f := range flags {
		list = append(list, codeLabel{f, warning.Flag(f).Label()})
	}
	return list
}

// WarningRow is a warningRow that another view embeds (see ThreadView).
type WarningRow = warningRow

type warningView struct {
	WarningRow
	Areas     []areaView     `json:"areas"`
	Choices   []choiceBody   `json:"choices"`
	Message   *messageRow    `json:"message,omitempty"`
	Revisions []revisionView `json:"revisions"`
}

type areaView struct {
	Revision   int               `json:"revision"`
	Seq        int               `json:"seq"`
	Level      string            `json:"level"`
	LevelLabel string            `json:"level_label"`
	Basis      string            `json:"basis"`
	Certain    bool              `json:"certain"`
	Regions    []codeName        `json:"regions"`
	Geometry   *geojson.Geometry `json:"geometry"`
	Said       string            `json:"said"`
}

type revisionView struct {
	Number     int       `json:"number"`
	At         time.Time `json:"at"`
	Level      string    `json:"level"`
	LevelLabel string    `json:"level_label"`
	Note       string    `json:"note"`
	Expires    time.Time `json:"expires"`
}

// fullWarning reads a warning with everything its page shows.
func (s *Server) fullWarning(ctx context.Context, c call, id uuid.UUID) (*answer[warningView], error) {
	w, err := s.DB.WarningByID(ctx, c.scope, id)
	if err != nil {
		return nil, err
	}
	rows := []WarningRow{viewRow(w)}
	if err := s.deskOf(ctx, c, rows); err != nil {
		return nil, err
	}
	v := warningView{WarningRow: rows[0], Choices: []choiceBody{}, Revisions: []revisionView{}}
	areas, err := s.DB.WarningAreas(ctx, c.scope, id, w.Revision)
	if err != nil {
		return nil, err
	}
	if v.Areas, err = s.viewAreas(ctx, areas); err != nil {
		return nil, err
	}
	choices, err := s.DB.WarningChoices(ctx, c.scope, id)
	if err != nil {
		return nil, err
	}
	for _, ch := range choices {
		v.Choices = append(v.Choices, choiceBody{SiteID: ch.SiteID, Act: ch.Act, Measure: string(ch.Measure), Reason: ch.Reason})
	}
	revisions, err := s.DB.Revisions(ctx, c.scope, id)
	if err != nil {
		return nil, err
	}
	for _, r := range revisions {
		v.Revisions = append(v.Revisions, revisionView{r.Number, r.At, string(r.Level), r.Level.Label(), r.Note, r.Expires})
	}
	if w.MessageID != nil {
		m, err := s.DB.MessageRowByID(ctx, *w.MessageID)
		if err != nil {
			return nil, err
		}
		row := viewMessage(m)
		v.Message = &row
	}
	return reply(v, nil)
}

func (s *Server) viewAreas(ctx context.Context, areas []postgres.AreaRow) ([]areaView, error) {
	var codes []string
	for _, a := range areas {
		codes = append(codes, a.Regions...)
	}
	names, err := s.DB.RegionNames(ctx, codes)
	if err != nil {
		return nil, err
	}
	list := []areaView{}
	for _, a := range areas {
		v := areaView{Revision: a.Revision, Seq: a.Seq, Level: string(a.Level), LevelLabel: a.Level.Label(), Basis: string(a.Basis),
			Certain: a.Certain, Regions: joinCodes(names, a.Regions), Said: a.Said}
		if a.Geom != nil {
			v.Geometry = geojson.NewGeometry(a.Geom)
		}
		list = append(list, v)
	}
	return list, nil
}

type targetView struct {
	ID            *uuid.UUID    `json:"id,omitempty"`
	SiteID        uuid.UUID     `json:"site_id"`
	Name          string        `json:"name"`
	Kind          string        `json:"kind"`
	KindLabel     string        `json:"kind_label"`
	Lon           float64       `json:"lon"`
	Lat           float64       `json:"lat"`
	RegionName    string        `json:"region_name"`
	Section       unitView      `json:"section"`
	Project       idName        `json:"project"`
	Company       string        `json:"company"`
	Level         string        `json:"level"`
	LevelLabel    string        `json:"level_label"`
	Measure       string        `json:"measure"`
	MeasureLabel  string        `json:"measure_label"`
	ClosedArea    bool          `json:"closed_area"`
	Work          string        `json:"work,omitempty"`
	Before        string        `json:"before,omitempty"`
	Match         matchView     `json:"match"`
	Why           []string      `json:"why"`
	Sentence      string        `json:"sentence"`
	People        countView     `json:"people"`
	Frozen        *frozenView   `json:"frozen,omitempty"`
	FromRevision  int           `json:"from_revision,omitempty"`
	UntilRevision *int          `json:"until_revision,omitempty"`
	Responsible   []contactView `json:"responsible"`
}

type matchView struct {
	Certain bool     `json:"certain"`
	By      []string `json:"by"`
	Text    string   `json:"text"`
}

type countView struct {
	Certain        int        `json:"certain"`
	Possible       int        `json:"possible"`
	Expected       int        `json:"expected"`
	LastEvidenceAt *time.Time `json:"last_evidence_at"`
}

type frozenView struct {
	Certain   int       `json:"certain"`
	Possible  int       `json:"possible"`
	Expected  int       `json:"expected"`
	CountedAt time.Time `json:"counted_at"`
}

func viewTarget(t postgres.Target, show *discloser, now account.Occasion) targetView {
	v := targetView{SiteID: t.SiteID, Name: t.Name, Kind: t.Kind, KindLabel: roster.SiteKind(t.Kind).Label(), Lon: t.Lon, Lat: t.Lat,
		RegionName: t.RegionName, Section: unitView{t.SectionID, t.SectionCode, t.SectionName}, Project: idName{t.ProjectID, t.ProjectName},
		Company: t.Company, Level: t.Level, LevelLabel: warning.Level(t.Level).Label(), Measure: string(t.Measure),
		MeasureLabel: t.Measure.Label(), ClosedArea: t.ClosedArea, Work: t.Scope, Before: t.Before,
		Match: viewMatch(t.MatchCertain, t.MatchedBy, t.Why), Why: t.Why, Sentence: t.Sentence,
		People: countView{t.PeopleCertain, t.PeoplePossible, t.PeopleExpected, t.LastEvidenceAt}}
	v.Responsible = show.contacts(t.Responsible,
		account.Place{Region: t.Region, Project: t.ProjectID, Section: t.SectionID, SiteID: t.SiteID}, now)
	return v
}

func viewMatch(certain bool, by, why []string) matchView {
	m := matchView{Certain: certain, By: by}
	if len(why) > 0 {
		m.Text = why[0]
	}
	return m
}
