package account

import (
	"github.com/google/uuid"

	"muster/internal/errs"
)

// Grant is a role in a place, with the place already turned into a scope.
type Grant struct {
	Role      Role
	PlaceName string
	Authority uuid.UUID // the authority whose office it is; zero for units
	Scope     Scope
}

// Principal is who asks: a user with the grants that hold at this instant.
type Principal struct {
	UserID uuid.UUID
	Login  string
	Title  string
	Grants []Grant
}

// May gives the scope in which the principal has the permission: the union over
// the grants whose role has it, so that a right held in one place is not carried
// into another. The error says that no role has it.
func (p Principal) May(perm Permission) (Scope, error) {
	var s Scope
	held := false
	for _, g := range p.Grants {
		if g.Role.May(perm) {
			held = true
			s = s.Add(g.Scope)
		}
	}
	if !held {
		return Scope{}, errs.New(errs.Forbidden, "no_permission", "您的角色没有这项权限（%s）", perm)
	}
	return s, nil
}

// Has lists the permissions of all grants, for the page to know what to offer.
func (p Principal) Has() []Permission {
	has := []Permission{}
	for _, perm := range Permissions() {
		for _, g := range p.Grants {
			if g.Role.May(perm) {
				has = append(has, perm)
				break
			}
		}
	}
	return has
}

// Office is the grant of an authority in whose name the principal drafts: the
// first one that has the permission.
func (p Principal) Office(perm Permission) (Grant, error) {
	for _, g := range p.Grants {
		if g.Role.May(perm) && g.Authority != uuid.Nil {
			return g, nil
		}
	}
	return Grant{}, errs.New(errs.Forbidden, "no_office", "只有主管部门的值班员或带班领导可以发布预警")
}

// Office is the authority in whose name somebody acts on a warning, and whether
// he leads the duty there.
type Office struct {
	Authority uuid.UUID
	Leader    bool
}

// OfficeOver is the office in which the principal acts on a warning of an
// authority: that authority itself where he holds a grant of it, else one whose
// territory the authority lies in, before all one in which he leads the duty.
// Leading it elsewhere counts for nothing.
func (p Principal) OfficeOver(perm Permission, authority uuid.UUID, region string) (Office, error) {
	var found Office
	for _, g := range p.Grants {
		if g.Authority == uuid.Nil || !g.Role.May(perm) || g.Authority != authority && !g.Scope.Holds(Place{Region: region}) {
			continue
		}
		leads := g.Role.May(LeadDuty)
		if found.Authority == uuid.Nil || g.Authority == authority || leads && !found.Leader && found.Authority != authority {
			found.Authority = g.Authority
		}
		found.Leader = found.Leader || leads
	}
	if found.Authority == uuid.Nil {
		return found, errs.New(errs.Forbidden, "not_ours", "这条预警由别的单位发布，您的单位不能改动或解除")
	}
	return found, nil
}

// Names is how much of a person's name and phone the principal sees at a place on
// an occasion.
func (p Principal) Names(at Place, now Occasion) Disclosure {
	best := Hidden
	for _, g := range p.Grants {
		if d := g.Role.Names().on(now); d > best && g.Scope.Holds(at) {
			best = d
		}
	}
	return best
}

// on turns what depends on the occasion into what is shown on it.
func (d Disclosure) on(now Occasion) Disclosure {
	switch {
	case d == DuringWarning && now >= Live, d == DuringDrill && now >= Drill:
		return Full
	case d == DuringWarning, d == DuringDrill:
		return Masked
	}
	return d
}
