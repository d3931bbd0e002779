package postgres

import (
	"cmp"
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/roster"
)

// persons have no place of their own: somebody who is tied to units outside the
// actor's scope only may not be changed from inside it.
func (run *importRun) persons(ctx context.Context, rows []roster.PersonRow) error {
	refs := make([]roster.PersonRef, len(rows))
	for i, r := range rows {
		refs[i] = refOf(r.Person)
	}
	var err error
	if run.people, err = lookUpPeople(ctx, run.tx, run.sealer, refs); err != nil {
		return err
	}
	foreign, err := run.foreignPeople(ctx, refs)
	if err != nil {
		return err
	}
	for i, r := range rows {
		p := r.Person
		known := run.people.find(refs[i])
		if known != nil {
			p.ID, p.Language = known.ID, cmp.Or(p.Language, known.Language)
		}
		if id, coded := run.external[r.External]; coded && r.External != "" {
			p.ID = id
		}
		switch {
		case known != nil && foreign[p.ID] && known.same(run.sealer, p):
			run.good++ // known elsewhere, and as here: nothing to change
			run.note(r.Line, "person", p.ID, leftAlone)
			run.named.people = append(run.named.people, p.ID)
			continue
		case foreign[p.ID]:
			run.outside(r.Line, "姓名", roster.MaskName(p.Name))
			continue
		case p.ID == uuid.Nil:
			p.ID = newID()
		}
		run.good++
		run.named.people = append(run.named.people, p.ID)
		run.writePerson(r.Line, p)
		run.keepExternal(roster.People, r.External, p.ID)
	}
	return nil
}

func refOf(p roster.Person) roster.PersonRef {
	return roster.PersonRef{Name: p.Name, Phone: p.Phone, IDNumber: p.IDNumber}
}

// same says whether a row tells nothing new about a stored person.
func (k *knownPerson) same(s *account.Sealer, p roster.Person) bool {
	as := func(stored *string, purpose, text string) bool {
		if text == "" {
			return true
		}
		for _, h := range s.Hashes(purpose, text) {
			if stored != nil && *stored == h {
				return true
			}
		}
		return false
	}
	return k.Name == p.Name && k.Language == p.Language && as(k.PhoneHash, phonePurpose, p.Phone) && as(k.IDHash, idPurpose, p.IDNumber)
}

// writePerson keeps a phone or number that the file does not mention.
func (run *importRun) writePerson(line int, p roster.Person) {
	s := sealPerson(run.sealer, p)
	run.upsert(line, "person", nil, `INSERT INTO person (id, name, language, phone_sealed, phone_hash, id_sealed, id_hash, recorded_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, language = excluded.language,
		    phone_sealed = coalesce(excluded.phone_sealed, person.phone_sealed), phone_hash = coalesce(excluded.phone_hash, person.phone_hash),
		    id_sealed = coalesce(excluded.id_sealed, person.id_sealed), id_hash = coalesce(excluded.id_hash, person.id_hash),
		    recorded_at = excluded.recorded_at`,
		s.id, s.name, s.language, s.phoneSealed, s.phoneHash, s.idSealed, s.idHash, run.at)
}

// foreignPeople are those of the references who are tied to something, but to
// nothing inside the scope.
func (run *importRun) foreignPeople(ctx context.Context, refs []roster.PersonRef) (map[uuid.UUID]bool, error) {
	var asked []uuid.UUID
	for _, r := range refs {
		if p := run.people.find(r); p != nil {
			asked = append(asked, p.ID)
		}
	}
	for _, id := range run.external {
		asked = append(asked, id)
	}
	args := pgx.NamedArgs{"asked": asked}
	list, err := ids(ctx, run.tx, `
		WITH tie AS (`+tiesSQL("person_id = ANY(@asked)")+`)
		SELECT person_id FROM tie GROUP BY person_id
		HAVING NOT bool_or(coalesce(`+scopeColumns(run.scope, args, "region", "project_id", "section_id", "site_id")+", false))", args)
	foreign := make(map[uuid.UUID]bool, len(list))
	for _, id := range list {
		foreign[id] = true
	}
	return foreign, err
}

// tiesSQL is where people are tied to, by posts, beds and teams, as one row per
// tie; who is a condition on the column person_id.
func tiesSQL(who string) string {
	return `
	    SELECT o.person_id, a.region, NULL::uuid AS project_id, NULL::uuid AS section_id, NULL::uuid AS site_id
	    FROM   post o JOIN authority a ON o.unit_kind = 'authority' AND a.id = o.unit_id WHERE o.` + who + `
	    UNION ALL
	    SELECT o.person_id, p.region, p.id, NULL, NULL
	    FROM   post o JOIN project p ON o.unit_kind = 'project' AND p.id = o.unit_id WHERE o.` + who + `
	    UNION ALL
	    SELECT o.person_id, p.region, p.id, s.id, NULL
	    FROM   post o JOIN section s ON o.unit_kind = 'section' AND s.id = o.unit_id JOIN project p ON p.id = s.project_id WHERE o.` + who + `
	    UNION ALL
	    SELECT o.person_id, t.region, t.project_id, t.section_id, t.id
	    FROM   post o JOIN site t ON o.unit_kind = 'site' AND t.id = o.unit_id WHERE o.` + who + `
	    UNION ALL
	    SELECT b.person_id, t.region, t.project_id, t.section_id, t.id
	    FROM   bed b JOIN site t ON t.id = b.site_id WHERE b.` + who + `
	    UNION ALL
	    SELECT m.person_id, p.region, p.id, s.id, NULL
	    FROM   team_member m JOIN team g ON g.id = m.team_id JOIN section s ON s.id = g.section_id JOIN project p ON p.id = s.project_id WHERE m.` + who
}
