package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/roster"
)

// Enrolment is a person with the tie that puts them into somebody's scope: a post
// or a bed.
type Enrolment struct {
	Person roster.Person
	Post   *roster.Post
	Bed    *roster.Bed
}

// CreatePerson stores somebody who is not known yet. Whoever is known is given a
// post instead, by those who may see them.
func (im *Importer) CreatePerson(ctx context.Context, scope account.Scope, e Enrolment, by Actor, o Once, at time.Time) (uuid.UUID, error) {
	var id uuid.UUID
	err := im.db.inTx(ctx, func(tx pgx.Tx) error {
		var err error
		id, err = once(ctx, tx, o, at, func() (uuid.UUID, error) { return im.enrol(ctx, tx, scope, e, by, at) })
		return err
	})
	return id, err
}

func (im *Importer) enrol(ctx context.Context, tx pgx.Tx, scope account.Scope, e Enrolment, by Actor, at time.Time) (uuid.UUID, error) {
	d := e.Person.Validate()
	if (e.Post == nil) == (e.Bed == nil) {
		d = append(d, errs.Detail{Where: "post", Text: "没有说明属于哪里", Mend: "请填写岗位或住宿登记，二者之一"})
	}
	if err := refuseWrong(d); err != nil {
		return uuid.Nil, err
	}
	// One at a time, imports too: two who bring the same new person would each make one.
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtext('muster_import'))"); err != nil {
		return uuid.Nil, err
	}
	known, err := lookUpPeople(ctx, tx, im.sealer, []roster.PersonRef{refOf(e.Person)})
	if err != nil {
		return uuid.Nil, err
	}
	if known.find(refOf(e.Person)) != nil {
		return uuid.Nil, errs.New(errs.Conflict, "person_known", "这个人已经登记过").
			With(errs.Detail{Where: "id_number", Text: "证件号码，或手机号码和姓名，与已登记的人相同", Mend: "请在人员列表里查找，给他增加岗位；查不到时请上级单位办理"})
	}
	e.Person.ID = newID()
	run := importRun{tx: tx, sealer: im.sealer, at: at}
	run.writePerson(0, e.Person)
	if err := tx.SendBatch(ctx, &run.batch).Close(); err != nil {
		return uuid.Nil, err
	}
	var where place
	if e.Post != nil {
		e.Post.PersonID = e.Person.ID
		where, err = writePost(ctx, tx, scope, *e.Post, at)
	} else {
		e.Bed.PersonID = e.Person.ID
		where, err = writeBed(ctx, tx, scope, *e.Bed, at)
	}
	return e.Person.ID, firstOf(err, audit(ctx, tx, by, "create_person", "person", e.Person.ID.String(), nil, at),
		announce(ctx, tx, "person", e.Person.ID, where, at))
}

// PersonEdit is what is known of a person now. A nil phone or ID number stays as
// it is, an empty one is forgotten.
type PersonEdit struct {
	ID              uuid.UUID
	Name, Language  string
	Phone, IDNumber *string
}

// UpdatePerson changes somebody who is tied to the scope.
func (im *Importer) UpdatePerson(ctx context.Context, scope account.Scope, version int, e PersonEdit, by Actor, at time.Time) error {
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	p := roster.Person{ID: e.ID, Name: e.Name, Language: e.Language, Phone: text(e.Phone), IDNumber: text(e.IDNumber)}
	if err := refuseWrong(p.Validate()); err != nil {
		return err
	}
	return im.db.inTx(ctx, func(tx pgx.Tx) error {
		args := pgx.NamedArgs{"id": e.ID, "at": at}
		var have int
		err := tx.QueryRow(ctx, `SELECT h.version FROM person h WHERE h.id = @id AND EXISTS (SELECT FROM person_tie x WHERE x.person_id = h.id AND `+
			RegistryFilter{}.heldSQL("x")+" AND "+scopeColumns(scope, args, "x.region", "x.project_id", "x.section_id", "x.site_id")+") FOR UPDATE OF h", args).Scan(&have)
		if err != nil {
			return notFoundAs(kindOf(err), "人员")
		}
		if err := changed(have, version); err != nil {
			return err
		}
		s := sealPerson(im.sealer, p)
		if s.idHash != nil {
			if other, err := exists(ctx, tx, "SELECT FROM person WHERE id_hash = ANY($1) AND id <> $2", im.sealer.Hashes(idPurpose, p.IDNumber), p.ID); err != nil || other {
				return firstOf(err, taken("id_number", "这个证件号码是另一个人的"))
			}
		}
		_, err = tx.Exec(ctx, `
			UPDATE person SET name = $2, language = $3, recorded_at = $4,
			    phone_sealed = CASE WHEN $5 THEN $6 ELSE phone_sealed END, phone_hash = CASE WHEN $5 THEN $7 ELSE phone_hash END,
			    id_sealed = CASE WHEN $8 THEN $9 ELSE id_sealed END, id_hash = CASE WHEN $8 THEN $10 ELSE id_hash END
			WHERE id = $1`,
			p.ID, s.name, s.language, at, e.Phone != nil, s.phoneSealed, s.phoneHash, e.IDNumber != nil, s.idSealed, s.idHash)
		return firstOf(err, audit(ctx, tx, by, "change_person", "person", p.ID.String(),
			map[string]any{"phone": e.Phone != nil, "id_number": e.IDNumber != nil}, at))
	})
}

// AddPost gives somebody of the scope another post in it.
func (db *DB) AddPost(ctx context.Context, scope account.Scope, p roster.Post, by Actor, o Once, at time.Time) error {
	if _, err := db.PersonByID(ctx, scope, p.PersonID); err != nil {
		return err
	}
	return db.inTx(ctx, func(tx pgx.Tx) error {
		_, err := once(ctx, tx, o, at, func() (uuid.UUID, error) {
			where, err := writePost(ctx, tx, scope, p, at)
			return p.PersonID, firstOf(err, audit(ctx, tx, by, "add_post", "person", p.PersonID.String(),
				map[string]any{"unit_kind": p.UnitKind, "unit": p.UnitID, "role": p.Role}, at), announce(ctx, tx, "person", p.PersonID, where, at))
		})
		return err
	})
}

// UpdatePost changes role, seat and time of a post at a unit of the scope; who
// holds it and where stays. It returns whose it is.
func (db *DB) UpdatePost(ctx context.Context, scope account.Scope, version int, p roster.Post, by Actor, at time.Time) (uuid.UUID, error) {
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		args := pgx.NamedArgs{"id": p.ID}
		var have int
		err := tx.QueryRow(ctx, "SELECT x.person_id, x.unit_kind, x.unit_id, x.version FROM person_tie x WHERE x.kind = 'post' AND x.id = @id AND "+
			scopeColumns(scope, args, "x.region", "x.project_id", "x.section_id", "x.site_id"), args).Scan(&p.PersonID, &p.UnitKind, &p.UnitID, &have)
		if err != nil {
			return notFoundAs(kindOf(err), "岗位")
		}
		// Locked and looked at again: somebody may have been faster.
		if err := tx.QueryRow(ctx, "SELECT version FROM post WHERE id = $1 FOR UPDATE", p.ID).Scan(&have); err != nil {
			return err
		}
		if err := changed(have, version); err != nil {
			return err
		}
		where, err := writePost(ctx, tx, scope, p, at)
		return firstOf(err, audit(ctx, tx, by, "change_post", "person", p.PersonID.String(), map[string]any{"post": p.ID, "role": p.Role}, at),
			announce(ctx, tx, "person", p.PersonID, where, at))
	})
	return p.PersonID, err
}

func writePost(ctx context.Context, tx pgx.Tx, scope account.Scope, p roster.Post, at time.Time) (place, error) {
	if !p.Role.Known() {
		return place{}, refuseWrong([]errs.Detail{{Where: "role", Text: "不认识的岗位", Mend: "请从岗位表中选择"}})
	}
	if p.Seat == "" {
		p.Seat = roster.SeatA
	}
	p.From = since(p.From, at)
	if !p.Until.IsZero() && !p.Until.After(p.From) {
		return place{}, refuseWrong([]errs.Detail{{Where: "until", Text: "结束不晚于开始", Mend: "请核对时间"}})
	}
	where, err := unitWithin(ctx, tx, scope, p.UnitKind, p.UnitID)
	if err != nil {
		return where, err
	}
	if p.ID == uuid.Nil {
		p.ID = newID()
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO post (id, person_id, unit_kind, unit_id, role, seat, valid_from, valid_until, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (id) DO UPDATE SET role = excluded.role, seat = excluded.seat, valid_from = excluded.valid_from, valid_until = excluded.valid_until,
		    recorded_at = excluded.recorded_at`,
		p.ID, p.PersonID, string(p.UnitKind), p.UnitID, string(p.Role), string(p.Seat), p.From, nilTime(p.Until), at)
	return where, err
}

func writeBed(ctx context.Context, tx pgx.Tx, scope account.Scope, b roster.Bed, at time.Time) (place, error) {
	b.From = since(b.From, at)
	if !b.Until.IsZero() && !b.Until.After(b.From) {
		return place{}, refuseWrong([]errs.Detail{{Where: "until", Text: "结束不晚于开始", Mend: "请核对时间"}})
	}
	where, err := unitWithin(ctx, tx, scope, roster.SiteUnit, b.SiteID)
	if err != nil {
		return where, err
	}
	_, err = tx.Exec(ctx, "INSERT INTO bed (id, person_id, site_id, valid_from, valid_until, recorded_at) VALUES ($1, $2, $3, $4, $5, $6)",
		newID(), b.PersonID, b.SiteID, b.From, nilTime(b.Until), at)
	return where, err
}

// unitPlaces is where the units are to which somebody can be tied. A company has
// no place.
var unitPlaces = map[roster.UnitKind]string{
	roster.AuthorityUnit: "SELECT a.region, NULL::uuid, NULL::uuid FROM authority a WHERE a.id = $1",
	roster.ProjectUnit:   "SELECT p.region, p.id, NULL::uuid FROM project p WHERE p.id = $1",
	roster.SectionUnit:   "SELECT p.region, p.id, c.id FROM section c JOIN project p ON p.id = c.project_id WHERE c.id = $1",
	roster.SiteUnit:      "SELECT s.region, s.project_id, s.section_id FROM site s WHERE s.id = $1",
}

func unitWithin(ctx context.Context, tx pgx.Tx, scope account.Scope, kind roster.UnitKind, id uuid.UUID) (place, error) {
	sql, known := unitPlaces[kind]
	if !known {
		return place{}, refuseWrong([]errs.Detail{{Where: "unit_kind", Text: "不认识的单位层级", Mend: "authority、project、section 或 site"}})
	}
	var region string
	var project, section *uuid.UUID
	if err := tx.QueryRow(ctx, sql, id).Scan(&region, &project, &section); err != nil {
		return place{}, notFoundAs(kindOf(err), "单位")
	}
	t := Tie{Region: &region, ProjectID: project, SectionID: section}
	if kind == roster.SiteUnit {
		t.SiteID = &id
	}
	p := t.Place()
	if !scope.Holds(p) {
		return place{}, notFound("单位")
	}
	return place{region: p.Region, project: p.Project, section: p.Section}, nil
}
