package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/response"
)

// acts are what signed-in people do to sites under a warning: each is an event of
// the machine that the right to it is checked for.
var acts = []struct {
	name, summary string
	event         response.Event
	perm          account.Permission
}{
	{"acknowledge", "签收", response.Acknowledge, account.Acknowledge},
	{"move", "开始转移", response.Move, account.Acknowledge},
	{"carry-out", "报告落实", response.CarryOut, account.Report},
	{"report", "报告已撤离", response.Report, account.Report},
	{"confirm", "现场确认（监理）", response.Confirm, account.Confirm},
	{"verify", "核实（主管部门）", response.Verify, account.Verify},
	{"refuse", "退回", response.Refuse, account.Refuse},
	{"reopen", "有人返回：重新开启", response.Reenter, account.Refuse},
}

func (s *Server) responseRoutes() {
	for _, a := range acts {
		allow(s, operation{id: a.name + "Responses", method: http.MethodPost, path: "/responses/" + a.name, summary: a.summary}, a.perm,
			func(ctx context.Context, c call, in *actRequest) (*answer[standingsView], error) {
				return s.act(ctx, c, a.event, in)
			})
	}
	allow(s, operation{id: "callByHand", method: http.MethodPost, path: "/responses/call", summary: "人工叫应：记下谁接的、原话、结果"}, account.CallByHand, s.callByHand)
	allow(s, operation{id: "getResponse", method: http.MethodGet, path: "/responses/{id}", summary: "一个点位的处置：经过、通知、责任人"}, account.SeeWarnings, s.getResponse)
	s.musterRoutes()
	s.photoRoutes()
	s.returnRoutes()
	s.inboundRoutes()
}

type actRequest struct {
	OnceHeader
	Body struct {
		IDs      []uuid.UUID `json:"ids" minItems:"1" maxItems:"500" doc:"处置记录的编号，每个点位一个"`
		At       time.Time   `json:"at,omitempty" doc:"做的时间（离线补报时填），不早于24小时前"`
		Words    string      `json:"words,omitempty" maxLength:"500"`
		Safe     *int        `json:"safe,omitempty" minimum:"0" maximum:"100000" doc:"已清点到的人数"`
		Missing  *int        `json:"missing,omitempty" minimum:"0" maximum:"100000" doc:"应到未到的人数"`
		Evidence []string    `json:"evidence,omitempty" maxItems:"20" doc:"证据代码，见 /vocabulary"`
		Reason   string      `json:"reason,omitempty" maxLength:"40" doc:"退回理由代码，见 /vocabulary"`
		CutOff   bool        `json:"cut_off,omitempty" doc:"道路中断，监理无法到场"`
	}
}

type standingsView struct {
	Items []standingView `json:"items"`
}

type standingView struct {
	ID         uuid.UUID `json:"id"`
	SiteID     uuid.UUID `json:"site_id"`
	SiteName   string    `json:"site_name"`
	State      string    `json:"state"`
	StateLabel string    `json:"state_label"`
	Changed    bool      `json:"changed"`
	Why        string    `json:"why" doc:"没有改变的原因"`
}

func viewStandings(list []response.Standing) standingsView {
	out := standingsView{Items: []standingView{}}
	for _, t := range list {
		out.Items = append(out.Items, standingView{t.ThreadID, t.SiteID, t.SiteName, string(t.State), t.State.Label(), t.Changed, t.Why})
	}
	return out
}

// act takes one answer about one or more sites. Who names a site that is not his
// changes nothing anywhere.
func (s *Server) act(ctx context.Context, c call, event response.Event, in *actRequest) (*answer[standingsView], error) {
	b := in.Body
	said, err := saidAt(b.At, c.at)
	if err != nil {
		return nil, err
	}
	evidence, err := readEvidence(b.Evidence)
	if err != nil {
		return nil, err
	}
	a := postgres.Answer{EventID: in.event(c, string(event)), Event: event, Threads: distinct(b.IDs), By: c.actor(), Channel: response.App, At: said,
		Words: b.Words, Safe: b.Safe, Missing: b.Missing, Evidence: evidence, Reason: b.Reason}
	if b.CutOff {
		a.Flags = []string{"cut_off"}
	}
	if event == response.Reenter {
		a.Flags = []string{"reentry"}
	}
	list, err := s.DB.GiveOnce(ctx, c.scope, a, in.once(c, "response "+string(event), b), c.at)
	return reply(viewStandings(list), err)
}

// event names the act for the log: the same request that comes again is the same
// event.
func (h OnceHeader) event(c call, what string) uuid.UUID {
	return uuid.NewSHA1(c.who.UserID, []byte(what+"\x00"+h.Key))
}

const longestDelay = 24 * time.Hour

// saidAt is when something was said, by the sender's clock: not in the future,
// and not before yesterday.
func saidAt(said, now time.Time) (time.Time, error) {
	switch {
	case said.IsZero() || said.After(now):
		return now, nil
	case now.Sub(said) > longestDelay:
		return now, errs.New(errs.Fix, "too_old", "补报的时间太早").With(errs.Detail{Where: "body.at", Text: "早于24小时前", Mend: "填做这件事的时间，或不填"})
	}
	return said, nil
}

func readEvidence(codes []string) ([]response.Evidence, error) {
	var list []response.Evidence
	for i, code := range codes {
		e := response.Evidence(code)
		if e.Label() == "" {
			return nil, errs.New(errs.Fix, "evidence_unknown", "没有 %q 这种证据", code).
				With(errs.Detail{Where: fmt.Sprintf("body.evidence[%d]", i), Text: "没有这种证据", Mend: "见 /api/v1/vocabulary"})
		}
		list = append(list, e)
	}
	return list, nil
}

func distinct(ids []uuid.UUID) []uuid.UUID {
	var list []uuid.UUID
	for _, id := range ids {
		if !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}

type callRequest struct {
	OnceHeader
	Body struct {
		IDs      []uuid.UUID `json:"ids" minItems:"1" maxItems:"500"`
		PersonID uuid.UUID   `json:"person_id"`
		Outcome  string      `json:"outcome" enum:"repeated_back,answered,no_answer,voicemail,third_person,wrong_person" doc:"只有复诵了措施才算签收"`
		Words    string      `json:"words,omitempty" maxLength:"500" doc:"对方的原话"`
		At       time.Time   `json:"at,omitempty"`
	}
}

// callByHand keeps a call that somebody made. Sending it again adds nothing: the
// events of a call have the request's key.
func (s *Server) callByHand(ctx context.Context, c call, in *callRequest) (*answer[standingsView], error) {
	b := in.Body
	said, err := saidAt(b.At, c.at)
	if err != nil {
		return nil, err
	}
	ids := distinct(b.IDs)
	list, err := s.DB.RecordHandCall(ctx, c.scope, postgres.HandCall{EventID: in.event(c, "call"), Threads: ids, PersonID: b.PersonID,
		Outcome: b.Outcome, Words: b.Words, By: c.actor(), At: said}, c.at)
	if err == nil && list == nil {
		list, err = s.DB.Standings(ctx, c.scope, ids)
	}
	return reply(viewStandings(list), err)
}
