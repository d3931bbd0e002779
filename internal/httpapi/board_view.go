package httpapi

import (
	"time"

	"github.com/google/uuid"

	"muster/internal/postgres"
	"muster/internal/response"
	"muster/internal/roster"
)

// ThreadView is a threadView that another view embeds: the document of the API
// knows only exported parts.
type ThreadView = threadView

// threadView is one site under one warning: a row of the boards.
type threadView struct {
	ID             uuid.UUID  `json:"id"`
	Mode           string     `json:"mode"`
	WarningID      *uuid.UUID `json:"warning_id"`
	SiteID         uuid.UUID  `json:"site_id"`
	SiteName       string     `json:"site_name"`
	Kind           string     `json:"kind"`
	KindLabel      string     `json:"kind_label"`
	Sleeps         bool       `json:"sleeps"`
	Region         string     `json:"region"`
	RegionName     string     `json:"region_name"`
	ProjectID      uuid.UUID  `json:"project_id"`
	ProjectName    string     `json:"project_name"`
	SectionID      uuid.UUID  `json:"section_id"`
	SectionName    string     `json:"section_name"`
	Measure        string     `json:"measure"`
	MeasureLabel   string     `json:"measure_label"`
	Level          string     `json:"level"`
	LevelLabel     string     `json:"level_label"`
	State          string     `json:"state"`
	StateLabel     string     `json:"state_label"`
	Since          time.Time  `json:"since"`
	Live           bool       `json:"live" doc:"措施仍在要求执行"`
	OpenedAt       time.Time  `json:"opened_at"`
	AcknowledgedAt *time.Time `json:"acknowledged_at"`
	ActedAt        *time.Time `json:"acted_at"`
	ReportedAt     *time.Time `json:"reported_at"`
	ConfirmedAt    *time.Time `json:"confirmed_at"`
	VerifiedAt     *time.Time `json:"verified_at"`
	People         countView  `json:"people"`
	PeopleSafe     *int       `json:"people_safe"`
	PeopleMissing  *int       `json:"people_missing"`
	Evidence       []string   `json:"evidence"`
	Doubts         []string   `json:"doubts"`
	Drawn          bool       `json:"drawn"`
	Flags          []string   `json:"flags"`
	Duty           *dutyView  `json:"duty"`
	Asked          askedView  `json:"asked"`
	Lon            float64    `json:"lon"`
	Lat            float64    `json:"lat"`
	Version        int        `json:"version"`
}

type dutyView struct {
	Kind    string    `json:"kind"`
	Label   string    `json:"label"`
	DueAt   time.Time `json:"due_at"`
	Overdue bool      `json:"overdue"`
	NextAt  time.Time `json:"next_at"`
	Next    *nextView `json:"next" doc:"时钟下一步叫谁；没有下一级时为空"`
}

type nextView struct {
	Party      string    `json:"party"`
	PartyLabel string    `json:"party_label"`
	Channels   []string  `json:"channels"`
	At         time.Time `json:"at"`
}

type askedView struct {
	People   int `json:"people"`
	Told     int `json:"told"`
	Answered int `json:"answered"`
	Failed   int `json:"failed"`
}

func viewThread(r postgres.BoardRow, at time.Time) threadView {
	return threadView{ID: r.ID, Mode: r.Mode, WarningID: r.WarningID, SiteID: r.SiteID, SiteName: r.SiteName, Kind: r.Kind,
		KindLabel: roster.SiteKind(r.Kind).Label(), Sleeps: r.Sleeps, Region: r.Region, RegionName: r.RegionName, ProjectID: r.ProjectID,
		ProjectName: r.ProjectName, SectionID: r.SectionID, SectionName: r.SectionName, Measure: string(r.Measure), MeasureLabel: r.Measure.Label(),
		Level: string(r.Level), LevelLabel: r.Level.Label(), State: string(r.State), StateLabel: r.State.Label(), Since: r.Since,
		Live: r.State.Live(), OpenedAt: r.OpenedAt, AcknowledgedAt: r.AcknowledgedAt, ActedAt: r.ActedAt, ReportedAt: r.ReportedAt,
		ConfirmedAt: r.ConfirmedAt, VerifiedAt: r.VerifiedAt, People: countView{r.Certain, r.Possible, r.Expected, r.LastEvidenceAt},
		PeopleSafe: r.PeopleSafe, PeopleMissing: r.PeopleMissing, Evidence: orNone(r.Evidence),
		Doubts: orNone(r.Doubts), Drawn: r.Drawn, Flags: orNone(r.Flags), Duty: viewDuty(r, at),
		Asked: askedView{r.Asked, r.Told, r.Answered, r.Failed}, Lon: r.Lon, Lat: r.Lat, Version: r.Version}
}

func viewDuty(r postgres.BoardRow, at time.Time) *dutyView {
	if r.DutyKind == nil {
		return nil
	}
	v := &dutyView{Kind: string(*r.DutyKind), Label: dutyLabels.of(*r.DutyKind), DueAt: *r.DutyDueAt, Overdue: r.Overdue(at), NextAt: *r.DutyNextAt}
	if n := r.Next; n != nil {
		v.Next = &nextView{string(n.Party), partyLabels.of(n.Party), channelCodes(n.Channels), n.At}
	}
	return v
}

func channelCodes(list []response.Channel) []string {
	codes := make([]string, len(list))
	for i, c := range list {
		codes[i] = string(c)
	}
	return codes
}

// orNone makes an empty list of none: the page need not tell them apart.
func orNone(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
