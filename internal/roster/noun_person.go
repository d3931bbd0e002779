package roster

import (
	"time"

	"github.com/google/uuid"

	"muster/internal/errs"
)

// Person is a person as handed in, in the clear; the database step seals phone
// and number at once.
type Person struct {
	ID       uuid.UUID
	Name     string
	Language string // BCP 47: zh, ii (Yi), bo (Tibetan); "" is zh
	Phone    string // 11 digits or ""
	IDNumber string // GB 11643 or ""
}

// Validate says what of a person cannot be stored.
func (p Person) Validate() []errs.Detail {
	var d details
	check := func(where string, err error) {
		if e, ok := errorDetail(err); ok {
			d = append(d, errs.Detail{Where: where, Text: e.Text, Mend: e.Mend})
		}
	}
	_, err := ParseName(p.Name)
	check("name", err)
	if p.Phone != "" {
		_, err = ParsePhone(p.Phone)
		check("phone", err)
	}
	if p.IDNumber != "" {
		_, err = ParseCitizenID(p.IDNumber)
		check("id_number", err)
	}
	return d
}

// errorDetail is the text and mend of a value's error.
func errorDetail(err error) (errs.Detail, bool) {
	if err == nil {
		return errs.Detail{}, false
	}
	if e, ok := err.(*errs.Error); ok {
		if len(e.Details) > 0 {
			return e.Details[0], true
		}
		return errs.Detail{Text: e.Text}, true
	}
	return errs.Detail{Text: err.Error()}, true
}

// Post (岗位) ties a person to a unit in a role; a zero Until is open.
type Post struct {
	ID          uuid.UUID
	PersonID    uuid.UUID
	UnitKind    UnitKind
	UnitID      uuid.UUID
	Role        Role
	Title       string // as the contract's form has it; "": the role says it all
	Seat        Seat
	From, Until time.Time
}

// Bed (住宿登记) ties a person to a residence; a zero Until is open.
type Bed struct {
	ID               uuid.UUID
	PersonID, SiteID uuid.UUID
	From, Until      time.Time
}

// Shift (班次): a person works at a site from–until.
type Shift struct {
	ID               uuid.UUID
	PersonID, SiteID uuid.UUID
	From, Until      time.Time
}

// DutyLine is one line of the duty roster (值班表): who is on duty in a unit.
type DutyLine struct {
	ID          uuid.UUID
	UnitKind    UnitKind
	UnitID      uuid.UUID
	Role        Role // DutyOfficer or DutyLeader
	PersonID    uuid.UUID
	From, Until time.Time
}

// Device is a gate or reader at a site. Only purpose "presence" moves a
// person's presence.
type Device struct {
	ID        uuid.UUID
	Serial    string
	SiteID    uuid.UUID
	Purpose   string // presence, attendance
	Direction string // in, out, both
}
