package httpapi

import (
	"context"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/roster"
)

// ContactView is a contactView that another view embeds (see ThreadView).
type ContactView = contactView

// contactView is who answers for a site. Name and phone are null for those who
// may not see them, and masked for those who may see that much.
type contactView struct {
	PersonID  uuid.UUID `json:"person_id"`
	Name      *string   `json:"name"`
	Role      string    `json:"role"`
	RoleLabel string    `json:"role_label"`
	Seat      string    `json:"seat"`
	Phone     *string   `json:"phone"`
}

// discloser shows people as far as one caller may see them, and remembers whose
// data it gave out in full: each look is audited.
type discloser struct {
	s     *Server
	c     call
	given []string
}

func (s *Server) discloser(c call) *discloser { return &discloser{s: s, c: c} }

// contact shows one person at a place on an occasion.
func (d *discloser) contact(p postgres.Contact, at account.Place, now account.Occasion) contactView {
	v := contactView{PersonID: p.PersonID, Role: p.Role, RoleLabel: roster.Role(p.Role).Label(), Seat: p.Seat}
	level := d.c.who.Names(at, now)
	if level == account.Hidden {
		return v
	}
	name, phone := p.Name, d.phone(p)
	if level == account.Masked {
		name, phone = roster.MaskName(name), roster.MaskPhone(phone)
	} else {
		d.given = append(d.given, p.PersonID.String())
	}
	v.Name = &name
	if phone != "" {
		v.Phone = &phone
	}
	return v
}

func (d *discloser) phone(p postgres.Contact) string {
	if p.PhoneSealed == nil {
		return ""
	}
	plain, err := d.s.Sealer.Open("person", "phone", p.PersonID.String(), *p.PhoneSealed)
	if err != nil {
		d.s.Log.Error("phone does not open", "person", p.PersonID, "err", err)
		return ""
	}
	return plain
}

func (d *discloser) contacts(list []postgres.Contact, at account.Place, now account.Occasion) []contactView {
	views := make([]contactView, 0, len(list))
	for _, p := range list {
		views = append(views, d.contact(p, at, now))
	}
	return views
}

// audited writes down whose data was given out, for what.
func (d *discloser) audited(ctx context.Context, noun, id string) error {
	if len(d.given) == 0 {
		return nil
	}
	return d.s.DB.Audited(ctx, d.c.actor(), "see_people", noun, id, map[string]any{"people": d.given}, d.c.at)
}

// occasion is what a warning of a mode means for who may see whom, while it is in
// force.
func occasion(mode string, inForce bool) account.Occasion {
	switch {
	case !inForce:
		return account.Quiet
	case mode == "exercise":
		return account.Drill
	}
	return account.Live
}
