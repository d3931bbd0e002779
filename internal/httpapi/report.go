package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/response"
)

func (s *Server) reportRoutes() {
	allow(s, operation{id: "report", method: http.MethodGet, path: "/warnings/{id}/report", summary: "事后报告：时间线、各单位时效、叫应次数、失败原因"}, account.SeeWarnings, s.report)
	allow(s, operation{id: "reportSheet", method: http.MethodGet, path: "/warnings/{id}/report.xlsx", summary: "事后报告（Excel）；导出记入审计"}, account.SeeWarnings, s.reportSheet)
}

// reportView is the after-action report. Its clock is ours: when each state was
// recorded, not when somebody says that it was.
type reportView struct {
	AsOf     time.Time     `json:"as_of"`
	Warning  warningRow    `json:"warning"`
	Sites    int           `json:"sites"`
	States   []codeCount   `json:"states" doc:"点位现在或结束时的状态"`
	TimeLine []minuteView  `json:"time_line"`
	Units    []unitFigures `json:"units" doc:"第一项为合计"`
	Calls    []callsView   `json:"calls" doc:"谁被叫了几次"`
	Counts   []callsCount  `json:"calls_per_person" doc:"叫了几次的各有几人"`
	Failures []failureView `json:"failures"`
}

type codeCount struct {
	Code  string `json:"code"`
	Label string `json:"label"`
	Count int    `json:"count"`
}

type minuteView struct {
	At      time.Time `json:"at"`
	Event   string    `json:"event"`
	Label   string    `json:"label"`
	Channel *string   `json:"channel"`
	Sites   int       `json:"sites"`
}

type unitFigures struct {
	ID      *uuid.UUID    `json:"id" doc:"合同段；合计为空"`
	Name    string        `json:"name"`
	Project string        `json:"project"`
	Targets int           `json:"targets"`
	States  []stateFigure `json:"states"`
	Broken  []codeCount   `json:"broken" doc:"断链：缺的第一环"`
}

// stateFigure is how long a state took since publishing, in seconds.
type stateFigure struct {
	State   string  `json:"state"`
	Label   string  `json:"label"`
	Reached int     `json:"reached"`
	Late    int     `json:"late"`
	Missed  int     `json:"missed"`
	Median  float64 `json:"median_s"`
	P90     float64 `json:"p90_s"`
	Worst   float64 `json:"worst_s"`
}

type callsView struct {
	PersonID uuid.UUID `json:"person_id"`
	Name     *string   `json:"name"`
	Sites    int       `json:"sites"`
	Voice    int       `json:"voice"`
	SMS      int       `json:"sms"`
	Other    int       `json:"other"`
	Hand     int       `json:"hand"`
	Answered bool      `json:"answered"`
	Wrong    bool      `json:"wrong_contact"`
}

type callsCount struct {
	Calls  int `json:"calls"`
	People int `json:"people"`
}

type failureView struct {
	Channel      string `json:"channel"`
	ChannelLabel string `json:"channel_label"`
	State        string `json:"state"`
	StateLabel   string `json:"state_label"`
	Code         string `json:"code"`
	Reason       string `json:"reason"`
	Notices      int    `json:"notices"`
}

// reportFacts are the sections of a report before they are put into a form.
type reportFacts struct {
	warning  postgres.Warning
	sites    []postgres.ReportSite
	minutes  []postgres.Minute
	calls    []callsView
	failures []postgres.ReportFailure
	show     *discloser
}

func (s *Server) reportFacts(ctx context.Context, c call, id uuid.UUID) (reportFacts, error) {
	f := reportFacts{show: s.discloser(c)}
	var err error
	if f.warning, err = s.DB.WarningByID(ctx, c.scope, id); err != nil {
		return f, err
	}
	if f.sites, err = s.DB.ReportSites(ctx, c.scope, id, c.at); err != nil {
		return f, err
	}
	if f.minutes, err = s.DB.TimeLine(ctx, c.scope, id); err != nil {
		return f, err
	}
	calls, err := s.DB.CallsPerPerson(ctx, c.scope, id)
	if err != nil {
		return f, err
	}
	f.calls = f.viewCalls(calls)
	f.failures, err = s.DB.Failures(ctx, c.scope, id)
	return f, err
}

func (s *Server) report(ctx context.Context, c call, in *WarningPath) (*answer[reportView], error) {
	f, err := s.reportFacts(ctx, c, in.ID)
	if err != nil {
		return nil, err
	}
	v := reportView{AsOf: c.at, Warning: viewRow(f.warning), Sites: len(f.sites), States: f.states(), TimeLine: []minuteView{}, Units: f.units(),
		Calls: f.calls, Counts: f.callCounts(), Failures: []failureView{}}
	for _, m := range f.minutes {
		v.TimeLine = append(v.TimeLine, minuteView{m.At, m.Event, eventLabels.of(m.Event), word(m.Channel), m.Sites})
	}
	for _, x := range f.failures {
		v.Failures = append(v.Failures, failureView{string(x.Channel), x.Channel.Label(), string(x.State), x.State.Label(), x.Code, x.Reason, x.Notices})
	}
	return reply(v, f.show.audited(ctx, "report", in.ID.String()))
}

func (f reportFacts) states() []codeCount {
	n := map[response.State]int{}
	for _, s := range f.sites {
		n[s.State]++
	}
	list := []codeCount{}
	for _, state := range response.States() {
		if n[state] > 0 {
			list = append(list, codeCount{string(state), state.Label(), n[state]})
		}
	}
	return list
}

// units are the figures of all sites and of each section.
func (f reportFacts) units() []unitFigures {
	courses := make([]response.Course, len(f.sites))
	names := map[string]postgres.ReportSite{}
	for i, s := range f.sites {
		courses[i] = s.Course()
		names[courses[i].Unit] = s
	}
	list := []unitFigures{}
	for _, u := range response.Figures(courses) {
		v := unitFigures{Name: "合计", Targets: u.Targets, States: []stateFigure{}, Broken: []codeCount{}}
		if s, there := names[u.Unit]; there {
			v.ID, v.Name, v.Project = &s.SectionID, s.SectionName, s.ProjectName
		}
		for _, m := range response.MilestoneList() {
			x := u.States[m]
			v.States = append(v.States, stateFigure{string(m), milestoneLabels.of(m), x.Reached, x.Late, x.Missed, x.Median.Seconds(), x.P90.Seconds(), x.Worst.Seconds()})
		}
		for _, b := range brokenLabels {
			if u.Broken[b.code] > 0 {
				v.Broken = append(v.Broken, codeCount{b.code, b.label, u.Broken[b.code]})
			}
		}
		list = append(list, v)
	}
	return list
}

// viewCalls names people as far as the caller may see them now.
func (f reportFacts) viewCalls(calls []postgres.ReportCalls) []callsView {
	now := occasion(f.warning.Mode, f.warning.State == "active")
	list := []callsView{}
	for _, p := range calls {
		at := account.Place{Region: p.Region, Project: p.ProjectID, Section: p.SectionID, SiteID: p.SiteID}
		name := f.show.contact(postgres.Contact{PersonID: p.PersonID, Name: p.Name}, at, now).Name
		list = append(list, callsView{p.PersonID, name, p.Sites, p.Voice, p.SMS, p.Other, p.Hand, p.Answered, p.Wrong})
	}
	return list
}

// callCounts says of how many people each number of calls is true.
func (f reportFacts) callCounts() []callsCount {
	people := map[int]int{}
	most := 0
	for _, p := range f.calls {
		n := p.Voice + p.Hand
		people[n]++
		most = max(most, n)
	}
	list := []callsCount{}
	for n := range most + 1 {
		if people[n] > 0 {
			list = append(list, callsCount{n, people[n]})
		}
	}
	return list
}
