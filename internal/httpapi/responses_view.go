package httpapi

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/response"
	"muster/internal/roster"
)

// ResponsePath names the thread of a site under a warning in the path.
type ResponsePath struct {
	ID uuid.UUID `path:"id"`
}

type responseView struct {
	ThreadView
	Warning     *threadWarning `json:"warning"`
	Cause       string         `json:"cause"`
	Sentence    string         `json:"sentence"`
	MusterPoint string         `json:"muster_point"`
	Events      []eventView    `json:"events"`
	Notices     []noticeView   `json:"notices"`
	Called      []calledView   `json:"called" doc:"被叫应的人，抄送在后"`
	Duties      []pastDutyView `json:"duties"`
	Photos      []photoView    `json:"photos" doc:"现场照片，先拍的在前"`
}

type threadWarning struct {
	ID        uuid.UUID `json:"id"`
	Title     string    `json:"title"`
	Mode      string    `json:"mode"`
	State     string    `json:"state"`
	Level     string    `json:"level"`
	Kind      string    `json:"kind"`
	KindLabel string    `json:"kind_label"`
	Issuer    string    `json:"issuer"`
	Authority string    `json:"authority"`
	Expires   time.Time `json:"expires"`
}

type eventView struct {
	ID         uuid.UUID      `json:"id"`
	At         time.Time      `json:"at" doc:"发送方的时间"`
	RecordedAt time.Time      `json:"recorded_at" doc:"本系统收到的时间"`
	Event      string         `json:"event"`
	Label      string         `json:"label"`
	FromState  *string        `json:"from_state"`
	ToState    *string        `json:"to_state"`
	Channel    *string        `json:"channel"`
	Actor      string         `json:"actor"`
	Person     *string        `json:"person"`
	Words      string         `json:"words"`
	Detail     map[string]any `json:"detail"`
}

type noticeView struct {
	ID          uuid.UUID  `json:"id"`
	Kind        string     `json:"kind"`
	KindLabel   string     `json:"kind_label"`
	Channel     string     `json:"channel"`
	State       string     `json:"state"`
	StateLabel  string     `json:"state_label"`
	Rung        int        `json:"rung" doc:"-1 为抄送"`
	Round       int        `json:"round"`
	To          *string    `json:"to"`
	Text        string     `json:"text" doc:"签收码和链接已遮盖"`
	CreatedAt   time.Time  `json:"created_at"`
	DueAt       time.Time  `json:"due_at"`
	SentAt      *time.Time `json:"sent_at"`
	DeliveredAt *time.Time `json:"delivered_at"`
	ReadAt      *time.Time `json:"read_at"`
	AnsweredAt  *time.Time `json:"answered_at"`
	Reason      string     `json:"reason"`
}

type calledView struct {
	PersonID     uuid.UUID `json:"person_id"`
	Rung         int       `json:"rung"`
	Name         *string   `json:"name"`
	Phone        *string   `json:"phone"`
	Disclosed    bool      `json:"disclosed" doc:"姓名和号码是完整的"`
	Role         string    `json:"role"`
	RoleLabel    string    `json:"role_label"`
	Language     string    `json:"language"`
	WrongContact bool      `json:"wrong_contact"`
}

type pastDutyView struct {
	Kind     string     `json:"kind"`
	Label    string     `json:"label"`
	State    string     `json:"state"`
	OpenedAt time.Time  `json:"opened_at"`
	DueAt    time.Time  `json:"due_at"`
	EndedAt  *time.Time `json:"ended_at"`
	EndedBy  string     `json:"ended_by"`
	NextAt   *time.Time `json:"next_at"`
}

func (s *Server) getResponse(ctx context.Context, c call, in *ResponsePath) (*answer[responseView], error) {
	return s.fullResponse(ctx, c, in.ID)
}

// fullResponse reads a thread with everything its page shows. People are shown as
// far as the caller may see them on this occasion.
func (s *Server) fullResponse(ctx context.Context, c call, id uuid.UUID) (*answer[responseView], error) {
	row, err := s.DB.ResponseByID(ctx, c.scope, id, c.at)
	if err != nil {
		return nil, err
	}
	p := people{discloser: s.discloser(c), at: row.Place(), now: occasion(row.Mode, row.EndedAt == nil), shown: map[uuid.UUID]contactView{}}
	v := responseView{ThreadView: viewThread(row, c.at), Cause: row.Cause, Sentence: row.Sentence, MusterPoint: row.MusterPoint}
	if row.WarningID != nil {
		if v.Warning, err = s.warningOf(ctx, c, *row.WarningID); err != nil {
			return nil, err
		}
	}
	for _, read := range []func(context.Context, uuid.UUID, *responseView) error{p.called, p.events, p.notices, p.duties, p.photos} {
		if err := read(ctx, id, &v); err != nil {
			return nil, err
		}
	}
	return reply(v, p.audited(ctx, "response", id.String()))
}

func (s *Server) warningOf(ctx context.Context, c call, id uuid.UUID) (*threadWarning, error) {
	w, err := s.DB.WarningByID(ctx, c.scope, id)
	return &threadWarning{w.ID, w.Title, w.Mode, w.State, string(w.Level), w.Kind, kindLabels[w.Kind], w.Issuer, w.AuthorityName, w.Expires}, err
}

// people shows the people of one thread, each once: a look is written down once.
type people struct {
	*discloser
	at    account.Place
	now   account.Occasion
	shown map[uuid.UUID]contactView
}

func (p people) person(who postgres.Contact) contactView {
	v, there := p.shown[who.PersonID]
	if !there {
		v = p.contact(who, p.at, p.now)
		p.shown[who.PersonID] = v
	}
	return v
}

// name is the disclosed name of a person; nil for nobody, and for those who may
// not see it.
func (p people) name(id *uuid.UUID, name *string) *string {
	if id == nil || name == nil {
		return nil
	}
	return p.person(postgres.Contact{PersonID: *id, Name: *name}).Name
}

// called comes first: it has the phones.
func (p people) called(ctx context.Context, id uuid.UUID, v *responseView) error {
	rows, err := p.s.DB.ResponsePeople(ctx, id, p.c.at)
	v.Called = []calledView{}
	for _, r := range rows {
		who := p.person(postgres.Contact{PersonID: r.PersonID, Name: r.Name, PhoneSealed: r.PhoneSealed, Role: r.Role})
		v.Called = append(v.Called, calledView{PersonID: r.PersonID, Rung: r.Rung, Name: who.Name, Phone: who.Phone,
			Disclosed: p.c.who.Names(p.at, p.now) == account.Full, Role: r.Role, RoleLabel: roster.Role(r.Role).Label(), Language: r.Language,
			WrongContact: r.WrongContact})
	}
	return err
}

func (p people) events(ctx context.Context, id uuid.UUID, v *responseView) error {
	rows, err := p.s.DB.ResponseEvents(ctx, id)
	v.Events = []eventView{}
	for _, r := range rows {
		v.Events = append(v.Events, eventView{ID: r.ID, At: r.At, RecordedAt: r.RecordedAt, Event: r.Event, Label: eventLabels.of(r.Event),
			FromState: word(r.FromState), ToState: word(r.ToState), Channel: word(r.Channel), Actor: r.Actor, Person: p.name(r.PersonID, r.PersonName),
			Words: r.Words, Detail: r.Detail})
	}
	return err
}

// word is a code that may be missing.
func word[T ~string](v *T) *string {
	if v == nil {
		return nil
	}
	w := string(*v)
	return &w
}

func (p people) notices(ctx context.Context, id uuid.UUID, v *responseView) error {
	rows, err := p.s.DB.ResponseNotices(ctx, id)
	v.Notices = []noticeView{}
	for _, r := range rows {
		to := r.UnitName
		if r.PersonID != nil {
			to = p.name(r.PersonID, r.PersonName)
		}
		v.Notices = append(v.Notices, noticeView{ID: r.ID, Kind: string(r.Kind), KindLabel: noticeKindLabels.of(r.Kind), Channel: string(r.Channel),
			State: string(r.State), StateLabel: r.State.Label(), Rung: r.Rung, Round: r.Round, To: to, Text: withoutCode(r.Wording),
			CreatedAt: r.CreatedAt, DueAt: r.DueAt, SentAt: r.SentAt, DeliveredAt: r.DeliveredAt, ReadAt: r.ReadAt, AnsweredAt: r.AnsweredAt, Reason: r.Reason})
	}
	return err
}

// withoutCode is the text of a notice without what lets somebody else answer in
// the receiver's place.
func withoutCode(wording json.RawMessage) string {
	var w response.Wording
	if err := json.Unmarshal(wording, &w); err != nil {
		return ""
	}
	for _, v := range w.Vars {
		if (v.Name == "code" || v.Name == "link") && v.Value != "" {
			w.Text = strings.ReplaceAll(w.Text, v.Value, "******")
		}
	}
	return w.Text
}

func (p people) duties(ctx context.Context, id uuid.UUID, v *responseView) error {
	rows, err := p.s.DB.ResponseDuties(ctx, id)
	v.Duties = []pastDutyView{}
	for _, d := range rows {
		v.Duties = append(v.Duties, pastDutyView{string(d.Kind), dutyLabels.of(d.Kind), string(d.State), d.OpenedAt, d.DueAt, d.EndedAt, d.EndedBy, d.NextAt})
	}
	return err
}

func (p people) photos(ctx context.Context, id uuid.UUID, v *responseView) error {
	rows, err := p.s.DB.Photos(ctx, id)
	v.Photos = []photoView{}
	for _, r := range rows {
		v.Photos = append(v.Photos, viewPhoto(r))
	}
	return err
}
