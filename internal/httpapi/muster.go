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

func (s *Server) musterRoutes() {
	allow(s, operation{id: "getMuster", method: http.MethodGet, path: "/responses/{id}/muster", summary: "清点名单：应到的人，各自的情况和依据"}, account.SeePeople, s.getMuster)
	allow(s, operation{id: "markMuster", method: http.MethodPost, path: "/responses/{id}/muster/marks", summary: "逐人清点：几个人可同时记，断网后补送不会丢也不会重"},
		account.Report, s.markMuster)
}

type musterView struct {
	Began       time.Time          `json:"began"`
	Listed      int                `json:"listed" doc:"应到"`
	Unaccounted int                `json:"unaccounted" doc:"未清点"`
	Safe        int                `json:"safe"`
	Missing     int                `json:"missing"`
	Elsewhere   int                `json:"elsewhere"`
	Disputed    int                `json:"disputed" doc:"两人说法不同"`
	Back        int                `json:"back" doc:"清点后又进入"`
	Visitors    *visitorsView      `json:"visitors" doc:"访客只报人数，不与名单相加"`
	People      []musterPersonView `json:"people" doc:"失联、未清点在前"`
	AsOf        time.Time          `json:"as_of"`
	Complete    bool               `json:"complete" doc:"名单上的人全部有着落，没有失联，没有不同说法"`
}

type visitorsView struct {
	State  string    `json:"state"`
	People int       `json:"people"`
	At     time.Time `json:"at"`
	By     string    `json:"by"`
}

type musterPersonView struct {
	ContactView
	Why            []string   `json:"why" doc:"bed 住宿、shift 班次、present 打卡在场、entered 后来进入、found 现场发现、leave 请假却在场"`
	LastEvidenceAt *time.Time `json:"last_evidence_at" doc:"列入名单时最后的打卡"`
	State          string     `json:"state"`
	StateLabel     string     `json:"state_label"`
	Evidence       string     `json:"evidence"`
	MarkedAt       *time.Time `json:"marked_at"`
	MarkedBy       *uuid.UUID `json:"marked_by" doc:"空：闸机"`
	Words          string     `json:"words"`
	Disputed       bool       `json:"disputed"`
	Back           bool       `json:"back"`
}

func (s *Server) getMuster(ctx context.Context, c call, in *ResponsePath) (*answer[musterView], error) {
	show := s.discloser(c)
	v, err := s.shownMuster(ctx, c, in.ID, show)
	if err != nil {
		return nil, err
	}
	return reply(v, show.audited(ctx, "response", in.ID.String()))
}

// shownMuster is the roll of a response as far as the caller may see it.
func (s *Server) shownMuster(ctx context.Context, c call, id uuid.UUID, show *discloser) (musterView, error) {
	row, err := s.DB.ResponseByID(ctx, c.scope, id, c.at)
	if err != nil {
		return musterView{}, err
	}
	m, err := s.DB.MusterByID(ctx, c.scope, id)
	if err != nil {
		return musterView{}, err
	}
	now, v := occasion(row.Mode, row.EndedAt == nil), viewMuster(m, c.at)
	for _, state := range response.MusterStates() {
		for _, p := range m.People {
			if p.State == state {
				contact := postgres.Contact{PersonID: p.PersonID, Name: p.Name, PhoneSealed: p.PhoneSealed}
				v.People = append(v.People, viewMusterPerson(p, show.contact(contact, m.Place(), now)))
			}
		}
	}
	return v, nil
}

func viewMuster(m postgres.Muster, at time.Time) musterView {
	t := m.Totals()
	v := musterView{Began: m.Began, Listed: t.Listed, Unaccounted: t.Open, Safe: t.Safe, Missing: t.Missing, Elsewhere: t.Elsewhere, Disputed: t.Disputed,
		Back: t.Back, People: []musterPersonView{}, AsOf: at, Complete: t.Listed > 0 && t.Open+t.Missing+t.Disputed == 0}
	if m.Visitors != nil {
		v.Visitors = &visitorsView{string(m.Visitors.State), m.Visitors.People, m.Visitors.At, m.Visitors.Actor}
	}
	return v
}

func viewMusterPerson(p postgres.MusterPerson, contact contactView) musterPersonView {
	v := musterPersonView{ContactView: contact, Why: orNone(p.Why), LastEvidenceAt: p.LastEvidenceAt, State: string(p.State), StateLabel: p.State.Label(),
		Evidence: string(p.Evidence), Words: p.Words, Disputed: p.Disputed, Back: p.Back}
	if !p.At.IsZero() {
		v.MarkedAt = &p.At
	}
	if p.By != uuid.Nil {
		v.MarkedBy = &p.By
	}
	return v
}

type markMusterRequest struct {
	ResponsePath
	Body struct {
		Marks []markBody `json:"marks" minItems:"1" maxItems:"500"`
	}
}

type markBody struct {
	ID       uuid.UUID  `json:"id" doc:"手机自己起的编号；补送同一条时不变"`
	PersonID *uuid.UUID `json:"person_id,omitempty" doc:"不填：按人数记访客"`
	State    string     `json:"state" enum:"safe,missing,elsewhere"`
	People   int        `json:"people,omitempty" minimum:"0" maximum:"10000" doc:"访客人数"`
	Evidence string     `json:"evidence" enum:"roll_call,muster_scan,gate_burst,call_back,photo,on_spot"`
	At       time.Time  `json:"at" doc:"手机的时间；不可信时以收到为准"`
	Words    string     `json:"words,omitempty" maxLength:"500"`
}

// markMuster needs no Idempotency-Key: every mark brings its own.
func (s *Server) markMuster(ctx context.Context, c call, in *markMusterRequest) (*answer[musterView], error) {
	marks := make([]postgres.MusterMark, 0, len(in.Body.Marks))
	for _, m := range in.Body.Marks {
		marks = append(marks, postgres.MusterMark{ID: m.ID, PersonID: m.PersonID, State: response.MusterState(m.State), People: m.People,
			Evidence: response.Evidence(m.Evidence), At: m.At, Words: m.Words})
	}
	if err := s.DB.MarkMuster(ctx, c.scope, in.ID, marks, c.actor(), c.at); err != nil {
		return nil, err
	}
	return s.getMuster(ctx, c, &in.ResponsePath)
}
