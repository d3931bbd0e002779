package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
)

// CheckinPerson is somebody who scans, or for whom it is done.
type CheckinPerson struct {
	ID   uuid.UUID
	Name string
}

// PhoneHolder is whose phone it is.
type PhoneHolder struct {
	CheckinPerson
	PhoneSealed *string // his registered number
	Proof       string
}

// The proofs that a phone is somebody's.
const (
	ProofName = "name" // he said his name and four digits
	ProofCode = "code" // he has read a code that was sent to his registered number
)

// PhonePerson is whose phone it is; errs.NotFound when it is nobody's.
func (db *DB) PhonePerson(ctx context.Context, phone uuid.UUID) (PhoneHolder, error) {
	return one[PhoneHolder](ctx, db.pool, `
		SELECT p.id, p.name, p.phone_sealed, b.proof
		FROM  (SELECT person_id, proof FROM checkin_binding WHERE phone_id = $1 ORDER BY bound_at DESC, proof = 'code' DESC LIMIT 1) b JOIN person p ON p.id = b.person_id`, phone)
}

// BindPhone writes down whose phone it is from now on, and by what proof; uuid.Nil:
// nobody's.
func (db *DB) BindPhone(ctx context.Context, phone, person uuid.UUID, proof string, at time.Time) error {
	_, err := db.pool.Exec(ctx, "INSERT INTO checkin_binding (phone_id, person_id, bound_at, proof) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
		phone, nilID(person), at, proof)
	return kindOf(err)
}

// Named is a person of a name, with what proves that it is he.
type Named struct {
	ID          uuid.UUID
	IDSealed    *string
	PhoneSealed *string
	Here        bool // he lives or works at the site or in its section, or was there
}

// mostNamesakes bounds how many numbers are opened for one question; the most
// common name of half a million people has a thousand.
const mostNamesakes = 5000

// PeopleNamed are those of a name, whom one expects at a site first. They are
// looked for by the machine, to be compared with what somebody says of himself;
// nobody is shown them.
func (db *DB) PeopleNamed(ctx context.Context, name string, site uuid.UUID) ([]Named, error) {
	return collect[Named](ctx, db.pool, `
		SELECT p.id, p.id_sealed, p.phone_sealed,
		       EXISTS (SELECT FROM bed b WHERE b.person_id = p.id AND b.site_id = s.id) OR EXISTS (SELECT FROM shift h WHERE h.person_id = p.id AND h.site_id = s.id)
		       OR EXISTS (SELECT FROM post o WHERE o.person_id = p.id AND o.unit_id IN (s.id, s.section_id, s.project_id))
		       OR EXISTS (SELECT FROM presence r WHERE r.person_id = p.id AND r.site_id = s.id)
		       OR EXISTS (SELECT FROM team_member m JOIN team t ON t.id = m.team_id WHERE m.person_id = p.id AND t.section_id = s.section_id) AS here
		FROM   person p CROSS JOIN site s WHERE p.name = $1 AND s.id = $2 ORDER BY here DESC, p.id LIMIT $3`, name, site, mostNamesakes)
}

// tryNameRates is how often one may say to be somebody of one name, and
// tryAddressRates from one address: a camp shares one.
var (
	tryNameRates    = []account.Rate{{Max: 5, Per: 10 * time.Minute}, {Max: 15, Per: 24 * time.Hour}}
	tryAddressRates = []account.Rate{{Max: 30, Per: 10 * time.Minute}, {Max: 300, Per: 24 * time.Hour}}
)

// TryName counts an attempt; errs.Limit when there were too many. Both are keyed
// hashes.
func (db *DB) TryName(ctx context.Context, nameHash, addressHash string, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtextextended($1, 15))", addressHash); err != nil {
			return err
		}
		for _, q := range []struct {
			column, hash string
			rates        []account.Rate
		}{{"name_hash", nameHash, tryNameRates}, {"address_hash", addressHash, tryAddressRates}} {
			rows, err := tx.Query(ctx, "SELECT at FROM checkin_try WHERE "+q.column+" = $1 AND at > $2", q.hash, at.Add(-24*time.Hour))
			if err != nil {
				return err
			}
			past, err := pgx.CollectRows(rows, pgx.RowTo[time.Time])
			if err != nil {
				return err
			}
			if account.MayAgain(past, q.rates, at).After(at) {
				return errs.New(errs.Limit, "too_many_tries", "核对次数太多，请稍后再试，或请班组长代打卡")
			}
		}
		_, err := tx.Exec(ctx, "INSERT INTO checkin_try (id, name_hash, address_hash, at) VALUES ($1, $2, $3, $4)", newID(), nameHash, addressHash, at)
		return err
	})
}

// ProxyPeople are those for whom somebody may check in at a site: of the teams
// that he leads (班组长); and, for who has a post that answers for the site or its
// section, who sleeps or works there. Nobody when he is neither.
func (db *DB) ProxyPeople(ctx context.Context, leader, site uuid.UUID, at time.Time) ([]CheckinPerson, error) {
	return collect[CheckinPerson](ctx, db.pool, `
		WITH answers AS MATERIALIZED (
		    SELECT FROM post o JOIN site s ON s.id = $2
		    WHERE  o.person_id = $1 AND o.role IN ('site_lead', 'section_lead', 'section_deputy', 'safety', 'night_watch')
		    AND    (o.unit_kind = 'site' AND o.unit_id = s.id OR o.unit_kind = 'section' AND o.unit_id = s.section_id)
		    AND    o.valid_from <= $3 AND (o.valid_until IS NULL OR o.valid_until > $3))
		SELECT p.id, p.name FROM person p JOIN (
		    SELECT m.person_id FROM team_member l JOIN team_member m ON m.team_id = l.team_id AND m.valid_until IS NULL
		    WHERE  l.person_id = $1 AND l.leader AND l.valid_until IS NULL
		    UNION
		    SELECT b.person_id FROM bed b WHERE b.site_id = $2 AND b.valid_from <= $3 AND (b.valid_until IS NULL OR b.valid_until > $3) AND EXISTS (SELECT FROM answers)
		    UNION
		    SELECT h.person_id FROM shift h WHERE h.site_id = $2 AND h.valid_from <= $3 AND h.valid_until > $3 AND EXISTS (SELECT FROM answers)) x ON x.person_id = p.id
		WHERE  p.id <> $1 ORDER BY p.name, p.id LIMIT 1000`, leader, site, at)
}
