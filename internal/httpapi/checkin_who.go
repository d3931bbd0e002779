package httpapi

import (
	"strings"

	"github.com/google/uuid"

	"muster/internal/errs"
	"muster/internal/postgres"
)

// checkinForget makes the phone nobody's: another person uses it from now on. It
// keeps its number, so that sharing is seen.
func (s *Server) checkinForget(v visitor) (any, error) {
	if v.who != nil {
		if err := s.DB.BindPhone(v.ctx(), v.phone, uuid.Nil, postgres.ProofName, v.at); err != nil {
			return nil, err
		}
		v.who = nil
	}
	return s.checkinState(v)
}

// nobodyKnown is what is said whenever name and digits do not lead to one person:
// it does not tell which was wrong.
var nobodyKnown = errs.New(errs.Fix, "not_known", "没有对上：请核对姓名和证件（或登记手机号）末四位；还不行请班组长代打卡")

// checkinConfirm ties the phone to the one person who has this name and these last
// four digits of his identity document or registered phone.
func (s *Server) checkinConfirm(v visitor) (any, error) {
	var b struct{ Name, Digits string }
	if err := readJSON(v.r, &b); err != nil {
		return nil, err
	}
	name, digits := cleanName(b.Name), upperDigits(b.Digits)
	if name == "" || len(digits) != 4 {
		return nil, nobodyKnown
	}
	address := network(v.r.RemoteAddr, v.r.Header.Get("X-Forwarded-For"))
	if err := s.DB.TryName(v.ctx(), s.Sealer.Hash("checkin-name", name), s.Sealer.Hash(addressPurpose, address), v.at); err != nil {
		return nil, err
	}
	people, err := s.DB.PeopleNamed(v.ctx(), name, v.point.SiteID)
	if err != nil {
		return nil, err
	}
	person, ok := s.provenBy(people, digits)
	if !ok {
		return nil, nobodyKnown
	}
	if v.phone == uuid.Nil {
		v.phone = uuid.New()
	}
	if err := s.DB.BindPhone(v.ctx(), v.phone, person, postgres.ProofName, v.at); err != nil {
		return nil, err
	}
	if err := s.DB.Audited(v.ctx(), postgres.Actor{Name: "phone"}, "bind_phone", "person", person.String(), map[string]any{"site": v.point.SiteID}, v.at); err != nil {
		return nil, err
	}
	s.keepPhone(v.w, v.phone, v.at)
	who, err := s.DB.PhonePerson(v.ctx(), v.phone)
	if err != nil {
		return nil, err
	}
	v.who = &who
	return s.checkinState(v)
}

// provenBy finds the one whose number ends so: of several the one who is expected
// at the site.
func (s *Server) provenBy(people []postgres.Named, digits string) (uuid.UUID, bool) {
	var here, all []uuid.UUID
	for _, p := range people {
		if !s.endsSo(p, digits) {
			continue
		}
		if all = append(all, p.ID); p.Here {
			here = append(here, p.ID)
		}
	}
	switch {
	case len(here) == 1:
		return here[0], true
	case len(here) == 0 && len(all) == 1:
		return all[0], true
	}
	return uuid.Nil, false
}

// endsSo says whether a person's identity card or registered phone ends with digits.
func (s *Server) endsSo(p postgres.Named, digits string) bool {
	for column, sealed := range map[string]*string{"id_number": p.IDSealed, "phone": p.PhoneSealed} {
		if sealed == nil {
			continue
		}
		plain, err := s.Sealer.Open("person", column, p.ID.String(), *sealed)
		if err != nil {
			s.Log.Error("a person's number does not open", "person", p.ID, "err", err)
		} else if strings.HasSuffix(plain, digits) {
			return true
		}
	}
	return false
}
