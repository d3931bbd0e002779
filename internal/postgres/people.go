package postgres

import (
	"context"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/roster"
)

// The places in which a person's values are sealed, and what their hashes are for.
const (
	personTable  = "person"
	phoneColumn  = "phone"
	idColumn     = "id_number"
	phonePurpose = account.PhonePurpose
	idPurpose    = "id_number"
)

// sealedPerson is a person as stored: nothing in the clear but the name.
type sealedPerson struct {
	id                                       uuid.UUID
	name, language                           string
	phoneSealed, phoneHash, idSealed, idHash *string
}

// sealPerson seals phone and ID number for the person's own row.
func sealPerson(s *account.Sealer, p roster.Person) sealedPerson {
	sealed := sealedPerson{id: p.ID, name: p.Name, language: p.Language}
	if sealed.language == "" {
		sealed.language = "zh"
	}
	row := p.ID.String()
	if p.Phone != "" {
		sealed.phoneSealed, sealed.phoneHash = new(s.Seal(personTable, phoneColumn, row, p.Phone)), new(s.Hash(phonePurpose, p.Phone))
	}
	if p.IDNumber != "" {
		sealed.idSealed, sealed.idHash = new(s.Seal(personTable, idColumn, row, p.IDNumber)), new(s.Hash(idPurpose, p.IDNumber))
	}
	return sealed
}

// knownPerson is a stored person as far as an import compares it.
type knownPerson struct {
	ID        uuid.UUID
	Name      string
	Language  string
	PhoneHash *string
	IDHash    *string `db:"id_hash"`
}

// people finds persons by the references of a file: by ID number, else by phone
// and name.
type people struct {
	sealer  *account.Sealer
	byID    map[string]*knownPerson
	byPhone map[string][]*knownPerson
}

// lookUpPeople reads everybody whom one of the references may mean.
func lookUpPeople(ctx context.Context, q querier, s *account.Sealer, refs []roster.PersonRef) (people, error) {
	var hashes []string
	for _, r := range refs {
		if r.Phone != "" {
			hashes = append(hashes, s.Hashes(phonePurpose, r.Phone)...)
		}
		if r.IDNumber != "" {
			hashes = append(hashes, s.Hashes(idPurpose, r.IDNumber)...)
		}
	}
	list, err := collect[knownPerson](ctx, q, `
		SELECT id, name, language, phone_hash, id_hash FROM person
		WHERE  phone_hash = ANY($1) OR id_hash = ANY($1) ORDER BY recorded_at, id`, hashes)
	known := people{sealer: s, byID: map[string]*knownPerson{}, byPhone: map[string][]*knownPerson{}}
	for i := range list {
		known.add(&list[i])
	}
	return known, err
}

func (k people) add(p *knownPerson) {
	if p.IDHash != nil {
		k.byID[*p.IDHash] = p
	}
	if p.PhoneHash != nil {
		k.byPhone[*p.PhoneHash] = append(k.byPhone[*p.PhoneHash], p)
	}
}

// find is the person that a reference means; nil when nobody is known. A
// reference with an ID number also finds a person whose number was not known
// before, by phone and name.
func (k people) find(r roster.PersonRef) *knownPerson {
	if r.IDNumber != "" {
		for _, h := range k.sealer.Hashes(idPurpose, r.IDNumber) {
			if p := k.byID[h]; p != nil {
				return p
			}
		}
	}
	if r.Phone == "" {
		return nil
	}
	for _, h := range k.sealer.Hashes(phonePurpose, r.Phone) {
		for _, p := range k.byPhone[h] {
			if p.Name == r.Name && (r.IDNumber == "" || p.IDHash == nil) {
				return p
			}
		}
	}
	return nil
}
