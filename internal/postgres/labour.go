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

// LabourTeam is a team (班组) as a labour system reports it.
type LabourTeam struct {
	ProjectCode string
	CompanyCode string
	Company     string
	Name        string
	EnteredOn   *time.Time
}

// PutTeam registers a team and gives its number; the same team of the same
// project and company has the same number (unique key of team).
func (db *DB) PutTeam(ctx context.Context, t LabourTeam, at time.Time) (sysNo int64, err error) {
	err = db.pool.QueryRow(ctx, `
		INSERT INTO team (id, project_code, company_code, company, name, entered_on, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (section_id, project_code, company_code, name) DO UPDATE SET company = excluded.company
		RETURNING sys_no`, newID(), t.ProjectCode, t.CompanyCode, t.Company, t.Name, t.EnteredOn, at).Scan(&sysNo)
	return sysNo, kindOf(err)
}

// LabourWorker is a person whom a labour system reports in a team. IDNumber and
// Phone are in clear; they are sealed here.
type LabourWorker struct {
	TeamNo   int64
	Name     string
	IDNumber string // canonical (roster.ParseCitizenID), or another document's
	Phone    string // canonical, "" when there is none
	WorkType string
	Leader   bool
}

// PutWorker registers somebody in a team: the person, if nobody has the number
// yet, and the membership. Repeating it changes nothing.
func (db *DB) PutWorker(ctx context.Context, s *account.Sealer, w LabourWorker, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		team, err := teamOf(ctx, tx, w.TeamNo)
		if err != nil {
			return err
		}
		person, err := personByDocument(ctx, tx, s, w.IDNumber)
		if errs.Is(err, errs.NotFound) {
			person, err = insertWorker(ctx, tx, s, w, at)
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO team_member (id, team_id, person_id, work_type, leader, valid_from, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $6)
			ON CONFLICT (team_id, person_id) WHERE valid_until IS NULL DO UPDATE SET work_type = excluded.work_type, leader = excluded.leader`,
			newID(), team, person, w.WorkType, w.Leader, at)
		return err
	})
}

func teamOf(ctx context.Context, q querier, no int64) (uuid.UUID, error) {
	var id uuid.UUID
	err := q.QueryRow(ctx, "SELECT id FROM team WHERE sys_no = $1", no).Scan(&id)
	if err != nil {
		return id, errs.New(errs.Fix, "team_unknown", "没有登记这个班组，请先上报班组（Team.Add）").Because(err)
	}
	return id, nil
}

func personByDocument(ctx context.Context, q querier, s *account.Sealer, number string) (uuid.UUID, error) {
	var id uuid.UUID
	err := q.QueryRow(ctx, "SELECT id FROM person WHERE id_hash = ANY($1)", s.Hashes(idPurpose, number)).Scan(&id)
	return id, kindOf(err)
}

func insertWorker(ctx context.Context, tx pgx.Tx, s *account.Sealer, w LabourWorker, at time.Time) (uuid.UUID, error) {
	p := sealPerson(s, roster.Person{ID: newID(), Name: w.Name, Phone: w.Phone, IDNumber: w.IDNumber})
	_, err := tx.Exec(ctx, `
		INSERT INTO person (id, name, language, phone_sealed, phone_hash, id_sealed, id_hash, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		p.id, p.name, p.language, p.phoneSealed, p.phoneHash, p.idSealed, p.idHash, at)
	return p.id, err
}

// LabourMove is somebody joining or leaving a project (进退场).
type LabourMove struct {
	TeamNo   int64
	IDNumber string
	Day      time.Time // the beginning of the civil day
	Joined   bool
}

// PutMove records who joined or left. Leaving ends the membership of the team;
// where somebody is taken to be follows his passes, not this.
func (db *DB) PutMove(ctx context.Context, s *account.Sealer, m LabourMove, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		team, err := teamOf(ctx, tx, m.TeamNo)
		if err != nil {
			return err
		}
		person, err := personByDocument(ctx, tx, s, m.IDNumber)
		if err != nil {
			return errs.New(errs.Fix, "person_unknown", "没有登记这个人，请先上报人员（ProjectWorker.Add）").Because(err)
		}
		if m.Joined {
			_, err = tx.Exec(ctx, `
				INSERT INTO team_member (id, team_id, person_id, valid_from, recorded_at) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (team_id, person_id) WHERE valid_until IS NULL DO NOTHING`, newID(), team, person, m.Day, at)
			return err
		}
		_, err = tx.Exec(ctx, `
			UPDATE team_member SET valid_until = greatest($3, valid_from + interval '1 second')
			WHERE  team_id = $1 AND person_id = $2 AND valid_until IS NULL`, team, person, m.Day)
		return err
	})
}

// LabourResult is the outcome of an asynchronous request.
type LabourResult struct{ State, Text string }

// SettleLabour keeps the result of a request under its serial code.
func (db *DB) SettleLabour(ctx context.Context, device uuid.UUID, code string, r LabourResult, at time.Time) error {
	_, err := db.pool.Exec(ctx, `
		INSERT INTO labour_result (device_id, code, state, text, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (device_id, code) DO UPDATE SET state = excluded.state, text = excluded.text, at = excluded.at`, device, code, r.State, r.Text, at)
	return kindOf(err)
}

// LabourResultOf finds what SettleLabour kept.
func (db *DB) LabourResultOf(ctx context.Context, device uuid.UUID, code string) (LabourResult, error) {
	return one[LabourResult](ctx, db.pool, "SELECT state, text FROM labour_result WHERE device_id = $1 AND code = $2", device, code)
}
