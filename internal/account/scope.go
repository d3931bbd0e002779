package account

import (
	"slices"

	"github.com/google/uuid"
)

// Scope is WHERE a right holds: territory (half-open ranges of 12-digit region
// codes, lo <= code < hi), projects, sections and single sites, added up. It is
// the first argument of every database method that a user's request reaches;
// the zero Scope sees nothing.
type Scope struct {
	Ranges   []CodeRange
	Projects []uuid.UUID
	Sections []uuid.UUID
	Sites    []uuid.UUID
}

// CodeRange is a half-open range of region codes.
type CodeRange struct{ Lo, Hi string }

// Everywhere is the scope of the machine itself: matching, replay, checks. No
// user's request may be given it.
func Everywhere() Scope { return Scope{Ranges: []CodeRange{{"000000000000", "999999999999"}}} }

// Empty says that nothing at all can be seen.
func (s Scope) Empty() bool {
	return len(s.Ranges)+len(s.Projects)+len(s.Sections)+len(s.Sites) == 0
}

// Add is the union with another scope.
func (s Scope) Add(o Scope) Scope {
	return Scope{
		Ranges:   append(slices.Clip(s.Ranges), o.Ranges...),
		Projects: append(slices.Clip(s.Projects), o.Projects...),
		Sections: append(slices.Clip(s.Sections), o.Sections...),
		Sites:    append(slices.Clip(s.Sites), o.Sites...),
	}
}

// Place is where a thing stands, as far as rights are concerned. Zero ids mean
// "none".
type Place struct {
	Region                   string
	Project, Section, SiteID uuid.UUID
}

// Holds says whether the place is inside the scope: the same rule as the SQL
// predicate of the postgres package.
func (s Scope) Holds(p Place) bool {
	for _, r := range s.Ranges {
		if p.Region != "" && p.Region >= r.Lo && p.Region < r.Hi {
			return true
		}
	}
	return slices.Contains(s.Projects, p.Project) && p.Project != uuid.Nil ||
		slices.Contains(s.Sections, p.Section) && p.Section != uuid.Nil ||
		slices.Contains(s.Sites, p.SiteID) && p.SiteID != uuid.Nil
}
