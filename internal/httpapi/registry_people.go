package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/roster"
)

// personView is a person as far as the caller may see them. The ID number is
// always masked.
type personView struct {
	ID        uuid.UUID `json:"id"`
	Name      *string   `json:"name"`
	Phone     *string   `json:"phone"`
	IDNumber  *string   `json:"id_number" doc:"始终遮盖"`
	Language  string    `json:"language"`
	Disclosed string    `json:"disclosed" enum:"full,masked,hidden"`
	Version   int       `json:"version"`
	Ties      []tieView `json:"ties"`
}

type tieView struct {
	Kind      string     `json:"kind" enum:"post,bed,shift"`
	KindLabel string     `json:"kind_label"`
	ID        uuid.UUID  `json:"id"`
	Role      string     `json:"role"`
	RoleLabel string     `json:"role_label"`
	Seat      string     `json:"seat"`
	Unit      tiedUnit   `json:"unit"`
	From      time.Time  `json:"from"`
	Until     *time.Time `json:"until"`
	Version   int        `json:"version"`
}

type tiedUnit struct {
	Kind string    `json:"kind"`
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
}

var tieLabels = words[string]{{"post", "岗位"}, {"bed", "住宿"}, {"shift", "班次"}}

func (s *Server) peopleRoutes() {
	allow(s, operation{id: "listPeople", method: http.MethodGet, path: "/people", summary: "人员列表；q 为姓名开头、完整手机号或完整证件号，kind 为岗位"}, account.SeePeople, s.listPeople)
	allow(s, operation{id: "getPerson", method: http.MethodGet, path: "/people/{id}", summary: "人员"}, account.SeePeople, s.getPerson)
	allow(s, operation{id: "createPerson", method: http.MethodPost, path: "/people", summary: "登记人员，并给出岗位或住宿", status: http.StatusCreated}, account.EditPeople, s.createPerson)
	allow(s, operation{id: "replacePerson", method: http.MethodPut, path: "/people/{id}", summary: "修改人员"}, account.EditPeople, s.replacePerson)
	allow(s, operation{id: "addPost", method: http.MethodPost, path: "/people/{id}/posts", summary: "增加岗位", status: http.StatusCreated}, account.EditPeople, s.addPost)
	allow(s, operation{id: "replacePost", method: http.MethodPut, path: "/posts/{id}", summary: "修改或结束岗位"}, account.EditPeople, s.replacePost)
}

type listPeopleRequest struct {
	ListRequest
	Status  string    `query:"status" enum:"current,former" doc:"不填为 current"`
	Project uuid.UUID `query:"project"`
	Section uuid.UUID `query:"section"`
	Site    uuid.UUID `query:"site"`
}

func (in listPeopleRequest) filter() (postgres.RegistryFilter, error) {
	f, err := in.ListRequest.filter()
	f.Status, f.Project, f.Section, f.Site = in.Status, in.Project, in.Section, in.Site
	return f, firstError(err, noSuchWord("kind", in.Kind, roster.Role(in.Kind).Known()))
}

// people lists one page. A whole phone or ID number is looked for by its hash.
func (s *Server) people(ctx context.Context, c call, f postgres.RegistryFilter) ([]postgres.RegisteredPerson, error) {
	f.Text, f.Hashes = s.wholeNumber(f.Text)
	return s.DB.People(ctx, c.scope, f, c.at)
}

func markPerson(p postgres.RegisteredPerson) postgres.NameMark {
	return postgres.NameMark{Name: p.Name, ID: p.ID}
}

func (s *Server) listPeople(ctx context.Context, c call, in *listPeopleRequest) (*answer[page[personView]], error) {
	var rows []postgres.RegisteredPerson
	out, err := pageByName(in, func(f postgres.RegistryFilter) ([]postgres.RegisteredPerson, error) { return s.people(ctx, c, f) },
		func(p postgres.RegisteredPerson) personView { rows = append(rows, p); return personView{} }, markPerson)
	if err != nil {
		return nil, err
	}
	show := s.discloser(c)
	if out.Body.Items, err = s.viewPeople(ctx, show, rows); err != nil {
		return nil, err
	}
	return out, show.audited(ctx, "people", "")
}

// viewPeople adds the ties and shows each as far as one of them allows.
func (s *Server) viewPeople(ctx context.Context, show *discloser, rows []postgres.RegisteredPerson) ([]personView, error) {
	ids := make([]uuid.UUID, len(rows))
	for i, p := range rows {
		ids[i] = p.ID
	}
	ties, err := s.DB.Ties(ctx, show.c.scope, ids, show.c.at)
	views := make([]personView, 0, len(rows))
	for _, p := range rows {
		views = append(views, show.person(p, ties[p.ID]))
	}
	return views, err
}

// person shows a person by the most that the caller may see at any of the places.
func (d *discloser) person(p postgres.RegisteredPerson, ties []postgres.Tie) personView {
	v := personView{ID: p.ID, Language: p.Language, Disclosed: "hidden", Version: p.Version, Ties: []tieView{}}
	best, where, on := account.Hidden, account.Place{}, account.Quiet
	for _, t := range ties {
		v.Ties = append(v.Ties, viewTie(t))
		now := occasionAt(t)
		if level := d.c.who.Names(t.Place(), now); level > best {
			best, where, on = level, t.Place(), now
		}
	}
	if best == account.Hidden {
		return v
	}
	shown := d.contact(postgres.Contact{PersonID: p.ID, Name: p.Name, PhoneSealed: p.PhoneSealed}, where, on)
	v.Name, v.Phone, v.Disclosed = shown.Name, shown.Phone, "masked"
	if best == account.Full {
		v.Disclosed = "full"
	}
	v.IDNumber = d.maskedID(p)
	return v
}

// occasionAt is what is going on where a tie holds.
func occasionAt(t postgres.Tie) account.Occasion {
	switch {
	case t.Live:
		return account.Live
	case t.Drill:
		return account.Drill
	}
	return account.Quiet
}

func (d *discloser) maskedID(p postgres.RegisteredPerson) *string {
	if p.IDSealed == nil {
		return nil
	}
	plain, err := d.s.Sealer.Open("person", "id_number", p.ID.String(), *p.IDSealed)
	if err != nil {
		d.s.Log.Error("ID number does not open", "person", p.ID, "err", err)
		return nil
	}
	masked := roster.MaskID(plain)
	return &masked
}

func viewTie(t postgres.Tie) tieView {
	return tieView{Kind: t.Kind, KindLabel: tieLabels.of(t.Kind), ID: t.ID, Role: t.Role, RoleLabel: roster.Role(t.Role).Label(), Seat: t.Seat,
		Unit: tiedUnit{t.UnitKind, t.UnitID, t.UnitName}, From: t.ValidFrom, Until: t.ValidUntil, Version: t.Version}
}

// PersonPath names a person in the path.
type PersonPath struct {
	ID uuid.UUID `path:"id"`
}

func (s *Server) getPerson(ctx context.Context, c call, in *PersonPath) (*answer[personView], error) {
	p, err := s.DB.PersonByID(ctx, c.scope, in.ID)
	if err != nil {
		return nil, err
	}
	show := s.discloser(c)
	views, err := s.viewPeople(ctx, show, []postgres.RegisteredPerson{p})
	if err != nil {
		return nil, err
	}
	return reply(views[0], show.audited(ctx, "person", in.ID.String()))
}
