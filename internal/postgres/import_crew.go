package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"muster/internal/roster"
)

// teams: the same name in the same section is the same team; a person is in it
// once at a time.
func (run *importRun) teams(ctx context.Context, rows []roster.TeamRow) error {
	unit := func(r roster.TeamRow) roster.UnitRef {
		return roster.UnitRef{Kind: roster.SectionUnit, Section: r.Section}
	}
	t, err := run.ties(ctx, collectOf(rows, func(r roster.TeamRow) roster.PersonRef { return r.Person }), collectOf(rows, unit))
	if err != nil {
		return err
	}
	seen := map[uuid.UUID]bool{}
	teams, err := readTeams(ctx, run.tx)
	if err != nil {
		return err
	}
	for _, r := range rows {
		u, ok := t.resolve(r.Line, r.Person, unit(r))
		if !ok {
			continue
		}
		run.good++
		team, known := teams[teamKey{u.unit, r.Team}]
		if !seen[team] && known {
			run.note(r.Line, "team", team, leftAlone)
		}
		if !known {
			team = newID()
			teams[teamKey{u.unit, r.Team}] = team
			run.note(r.Line, "team", team, madeNew)
			run.write("INSERT INTO team (id, section_id, company, name, recorded_at) VALUES ($1, $2, $3, $4, $5)", team, u.unit, r.Company, r.Team, run.at)
		}
		seen[team] = true
		run.named.people, run.named.units = append(run.named.people, u.person), append(run.named.units, team)
		run.renew(r.Line, "team_member", `
			    UPDATE team_member SET work_type = $4, leader = $5, valid_from = CASE WHEN $9 THEN $6 ELSE valid_from END, valid_until = $7
			    WHERE  team_id = $2 AND person_id = $3 AND (valid_until IS NULL OR valid_until > $8)`, `
			INSERT INTO team_member (id, team_id, person_id, work_type, leader, valid_from, valid_until, recorded_at)
			SELECT $1, $2, $3, $4, $5, $6, $7, $8`,
			newID(), team, u.person, r.Work, r.Leader, run.since(r.From), nilTime(r.Until), run.at, !r.From.IsZero())
		run.touch(u)
	}
	return nil
}

type teamKey struct {
	section uuid.UUID
	name    string
}

// readTeams are the teams that sections registered, not those of labour systems.
func readTeams(ctx context.Context, q querier) (map[teamKey]uuid.UUID, error) {
	list, err := collect[struct {
		ID        uuid.UUID
		SectionID uuid.UUID
		Name      string
	}](ctx, q, "SELECT id, section_id, name FROM team WHERE section_id IS NOT NULL AND project_code = '' AND company_code = ''")
	teams := make(map[teamKey]uuid.UUID, len(list))
	for _, t := range list {
		teams[teamKey{t.SectionID, t.Name}] = t.ID
	}
	return teams, err
}

// shifts: the same person at the same site from the same hour is the same shift.
func (run *importRun) shifts(ctx context.Context, rows []roster.ShiftRow) error {
	unit := func(r roster.ShiftRow) roster.UnitRef {
		return roster.UnitRef{Kind: roster.SiteUnit, Section: r.Section, Site: r.Site}
	}
	t, err := run.ties(ctx, collectOf(rows, func(r roster.ShiftRow) roster.PersonRef { return r.Person }), collectOf(rows, unit))
	if err != nil {
		return err
	}
	for _, r := range rows {
		u, ok := t.resolve(r.Line, r.Person, unit(r))
		if !ok {
			continue
		}
		run.good++
		run.renew(r.Line, "shift", `
			    UPDATE shift SET valid_until = $5, recorded_at = $6 WHERE person_id = $2 AND site_id = $3 AND valid_from = $4`, `
			INSERT INTO shift (id, person_id, site_id, valid_from, valid_until, recorded_at)
			SELECT $1, $2, $3, $4, $5, $6`, newID(), u.person, u.unit, r.From, r.Until, run.at)
		run.touch(u)
	}
	return nil
}

// leaves: the same person from the same site and day is the same leave. Without a
// site it is from everywhere: then the person must be one of the scope's own.
func (run *importRun) leaves(ctx context.Context, rows []roster.LeaveRow) error {
	unit := func(r roster.LeaveRow) roster.UnitRef {
		return roster.UnitRef{Kind: roster.SiteUnit, Section: r.Section, Site: r.Site}
	}
	refs := collectOf(rows, func(r roster.LeaveRow) roster.PersonRef { return r.Person })
	t, err := run.ties(ctx, refs, collectOf(slices.DeleteFunc(slices.Clone(rows), func(r roster.LeaveRow) bool { return r.Site == "" }), unit))
	if err != nil {
		return err
	}
	own, err := run.ownPeople(ctx, refs)
	if err != nil {
		return err
	}
	for _, r := range rows {
		var u tied
		var ok bool
		if r.Site != "" {
			u, ok = t.resolve(r.Line, r.Person, unit(r))
		} else {
			u.person, ok = own.find(r.Line, r.Person)
		}
		if !ok {
			continue
		}
		run.good++
		run.renew(r.Line, "leave", `
			    UPDATE leave SET valid_until = $5, words = $6, recorded_at = $7
			    WHERE  person_id = $2 AND site_id IS NOT DISTINCT FROM $3 AND valid_from = $4`, `
			INSERT INTO leave (id, person_id, site_id, valid_from, valid_until, words, recorded_at)
			SELECT $1, $2, $3, $4, $5, $6, $7`,
			newID(), u.person, nilID(u.unit), r.From, nilTime(r.Until), r.Words, run.at)
		run.touch(u)
	}
	return nil
}

// ownPeople finds people of the scope who are not named together with a unit.
type ownPeople struct {
	run     *importRun
	foreign map[uuid.UUID]bool
}

func (run *importRun) ownPeople(ctx context.Context, refs []roster.PersonRef) (ownPeople, error) {
	foreign, err := run.foreignPeople(ctx, refs)
	return ownPeople{run, foreign}, err
}

func (o ownPeople) find(line int, who roster.PersonRef) (uuid.UUID, bool) {
	p := o.run.people.find(who)
	switch {
	case p == nil:
		o.run.problem(line, "姓名", roster.MaskName(who.Name), "没有这个人", "请先导入人员，姓名和手机号码（或身份证号）应与人员表一致")
	case o.foreign[p.ID]:
		o.run.outside(line, "姓名", roster.MaskName(who.Name))
	default:
		return p.ID, true
	}
	return uuid.Nil, false
}

// certificates: the same number of the same kind is the same certificate.
func (run *importRun) certificates(ctx context.Context, rows []roster.CertificateRow) error {
	refs := collectOf(rows, func(r roster.CertificateRow) roster.PersonRef { return r.Person })
	var err error
	if run.people, err = lookUpPeople(ctx, run.tx, run.sealer, refs); err != nil {
		return err
	}
	own, err := run.ownPeople(ctx, refs)
	if err != nil {
		return err
	}
	known, err := run.knownCertificates(ctx, refs)
	if err != nil {
		return err
	}
	for _, r := range rows {
		person, ok := own.find(r.Line, r.Person)
		if !ok {
			continue
		}
		run.good++
		id := known.find(run, person, r)
		if id == uuid.Nil {
			id = newID()
		}
		if !r.Until.IsZero() && !r.Until.After(run.at) {
			run.listed = append(run.listed, roster.Listed{Line: r.Line, Text: fmt.Sprintf("“%s”已过期", r.Kind)})
		}
		run.writeCertificate(id, person, r)
	}
	return nil
}

func (run *importRun) writeCertificate(id, person uuid.UUID, r roster.CertificateRow) {
	var sealed, hash *string
	tail := ""
	if r.Number != "" {
		sealed, hash = new(run.sealer.Seal(certificateTable, numberColumn, id.String(), r.Number)), new(run.sealer.Hash(certificatePurpose, r.Number))
		tail = roster.NumberTail(r.Number)
	}
	run.upsert(r.Line, "certificate", nil, `INSERT INTO certificate (id, person_id, kind, number_sealed, number_hash, number_tail, issuer, valid_from, valid_until, recorded_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (id) DO UPDATE SET number_sealed = excluded.number_sealed, number_hash = excluded.number_hash, number_tail = excluded.number_tail,
		    issuer = CASE WHEN $12 THEN certificate.issuer ELSE excluded.issuer END, valid_from = CASE WHEN $11 THEN excluded.valid_from ELSE certificate.valid_from END,
		    valid_until = CASE WHEN $12 THEN certificate.valid_until ELSE excluded.valid_until END, recorded_at = excluded.recorded_at`,
		id, person, r.Kind, sealed, hash, tail, r.Issuer, issued(r, run.at), nilTime(r.Until), run.at, !r.From.IsZero(), r.Bare)
}

// issued is from when a certificate holds; one that was over before we heard of it
// began at some time before.
func issued(r roster.CertificateRow, at time.Time) time.Time {
	switch {
	case !r.From.IsZero():
		return r.From
	case !r.Until.IsZero() && !r.Until.After(at):
		return r.Until.AddDate(-1, 0, 0)
	}
	return at
}

// knownCertificates finds stored certificates again.
type knownCertificates map[string]uuid.UUID

func certificateKey(person uuid.UUID, kind, hash string) string {
	return person.String() + kind + "\x00" + hash
}

func (run *importRun) knownCertificates(ctx context.Context, refs []roster.PersonRef) (knownCertificates, error) {
	var people []uuid.UUID
	for _, r := range refs {
		if p := run.people.find(r); p != nil {
			people = append(people, p.ID)
		}
	}
	list, err := collect[struct {
		ID       uuid.UUID
		PersonID uuid.UUID
		Kind     string
		Hash     string
	}](ctx, run.tx, "SELECT id, person_id, kind, coalesce(number_hash, '') AS hash FROM certificate WHERE person_id = ANY($1)", people)
	known := knownCertificates{}
	for _, c := range list {
		known[certificateKey(c.PersonID, c.Kind, c.Hash)] = c.ID
	}
	return known, err
}

func (k knownCertificates) find(run *importRun, person uuid.UUID, r roster.CertificateRow) uuid.UUID {
	hashes := []string{""}
	if r.Number != "" {
		hashes = run.sealer.Hashes(certificatePurpose, r.Number)
	}
	for _, h := range hashes {
		if id, found := k[certificateKey(person, r.Kind, h)]; found {
			return id
		}
	}
	return uuid.Nil
}
