package httpapi

import (
	"context"
	"time"

	"github.com/google/uuid"

	"muster/internal/postgres"
	"muster/internal/roster"
)

// PostBody is a post as a person fills it in.
type PostBody struct {
	UnitKind string    `json:"unit_kind" enum:"authority,project,section,site"`
	UnitID   uuid.UUID `json:"unit_id"`
	HeldBody
}

// HeldBody is in which role a post is held, and when.
type HeldBody struct {
	Role  string     `json:"role"`
	Seat  string     `json:"seat,omitempty" enum:"A,B"`
	From  time.Time  `json:"from,omitempty"`
	Until *time.Time `json:"until,omitempty"`
}

func (b HeldBody) post() roster.Post {
	p := roster.Post{Role: roster.Role(b.Role), Seat: roster.Seat(b.Seat), From: b.From}
	if b.Until != nil {
		p.Until = *b.Until
	}
	return p
}

func (b PostBody) post() roster.Post {
	p := b.HeldBody.post()
	p.UnitKind, p.UnitID = roster.UnitKind(b.UnitKind), b.UnitID
	return p
}

type bedBody struct {
	SiteID uuid.UUID  `json:"site_id"`
	From   time.Time  `json:"from,omitempty"`
	Until  *time.Time `json:"until,omitempty"`
}

func (s *Server) createPerson(ctx context.Context, c call, in *struct {
	OnceHeader
	Body struct {
		Name     string    `json:"name" maxLength:"80"`
		Language string    `json:"language,omitempty" enum:"zh,ii,bo"`
		Phone    string    `json:"phone,omitempty" maxLength:"30"`
		IDNumber string    `json:"id_number,omitempty" maxLength:"30"`
		Post     *PostBody `json:"post,omitempty"`
		Bed      *bedBody  `json:"bed,omitempty"`
	}
}) (*answer[personView], error) {
	b := in.Body
	p := cleanPerson(roster.Person{Name: b.Name, Language: b.Language, Phone: b.Phone, IDNumber: b.IDNumber})
	e := postgres.Enrolment{Person: p}
	if b.Post != nil {
		e.Post = new(b.Post.post())
	}
	if b.Bed != nil {
		e.Bed = &roster.Bed{SiteID: b.Bed.SiteID, From: b.Bed.From}
		if b.Bed.Until != nil {
			e.Bed.Until = *b.Bed.Until
		}
	}
	id, err := postgres.NewImporter(s.DB, s.Sealer).CreatePerson(ctx, c.scope, e, c.actor(), in.once(c, "create person", in.Body), c.at)
	if err != nil {
		return nil, err
	}
	return s.getPerson(ctx, c, &PersonPath{id})
}

// cleanPerson writes name and numbers the one way in which they are stored; what
// cannot be read stays as it is and is refused with its place.
func cleanPerson(p roster.Person) roster.Person {
	if name, err := roster.ParseName(p.Name); err == nil {
		p.Name = name
	}
	if phone, err := roster.ParsePhone(p.Phone); err == nil {
		p.Phone = phone
	}
	if id, err := roster.ParseCitizenID(p.IDNumber); err == nil {
		p.IDNumber = id
	}
	return p
}

func (s *Server) replacePerson(ctx context.Context, c call, in *struct {
	PersonPath
	Body struct {
		Version  int     `json:"version"`
		Name     string  `json:"name" maxLength:"80"`
		Language string  `json:"language,omitempty" enum:"zh,ii,bo"`
		Phone    *string `json:"phone,omitempty" maxLength:"30" doc:"不填：不变；空：删去"`
		IDNumber *string `json:"id_number,omitempty" maxLength:"30" doc:"不填：不变；空：删去"`
	}
}) (*answer[personView], error) {
	b := in.Body
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	p := cleanPerson(roster.Person{Name: b.Name, Phone: text(b.Phone), IDNumber: text(b.IDNumber)})
	e := postgres.PersonEdit{ID: in.ID, Name: p.Name, Language: b.Language}
	if b.Phone != nil {
		e.Phone = &p.Phone
	}
	if b.IDNumber != nil {
		e.IDNumber = &p.IDNumber
	}
	if err := postgres.NewImporter(s.DB, s.Sealer).UpdatePerson(ctx, c.scope, b.Version, e, c.actor(), c.at); err != nil {
		return nil, err
	}
	return s.getPerson(ctx, c, &in.PersonPath)
}

func (s *Server) addPost(ctx context.Context, c call, in *struct {
	OnceHeader
	PersonPath
	Body PostBody
}) (*answer[personView], error) {
	p := in.Body.post()
	p.PersonID = in.ID
	if err := s.DB.AddPost(ctx, c.scope, p, c.actor(), in.once(c, "add post "+in.ID.String(), in.Body), c.at); err != nil {
		return nil, err
	}
	return s.getPerson(ctx, c, &in.PersonPath)
}

func (s *Server) replacePost(ctx context.Context, c call, in *struct {
	ID   uuid.UUID `path:"id"`
	Body struct {
		Version int `json:"version"`
		HeldBody
	}
}) (*answer[personView], error) {
	p := in.Body.post()
	p.ID = in.ID
	person, err := s.DB.UpdatePost(ctx, c.scope, in.Body.Version, p, c.actor(), c.at)
	if err != nil {
		return nil, err
	}
	return s.getPerson(ctx, c, &PersonPath{person})
}
