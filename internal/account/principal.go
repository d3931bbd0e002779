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

// Office is the authority in whose name the principal acts for a permission:
// that of the first grant that has both.
func (p Principal) Office(perm Permission) (uuid.UUID, error) {
	for _, g := range p.Grants {
		if g.Role.May(perm) && g.Authority != uuid.Nil {
			return g.Authority, nil
		}
	}
	return uuid.Nil, errs.New(errs.Forbidden, "no_office", "只有主管部门的值班员或带班领导可以发布预警")
}

// Names is how much of a person's name and phone the principal sees at a place,
// live telling whether a warning is in force there.
func (p Principal) Names(at Place, live bool) Disclosure {
	best := Hidden
	for _, g := range p.Grants {
		if d := g.Role.Names(); d > best && g.Scope.Holds(at) {
			best = d
		}
	}
	if best != DuringWarning {
		return best
	}
	if live {
		return Full
	}
	return Masked
}
