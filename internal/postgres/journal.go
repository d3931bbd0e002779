package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/errs"
)

// Change is one line of the change log: something about a noun is different.
type Change struct {
	Seq       int64
	Noun      string
	NounID    uuid.UUID
	Region    *string
	ProjectID *uuid.UUID
	SectionID *uuid.UUID
	At        time.Time
}

// place is what a change tells about where it is, so that only those who may see
// it hear of it. Zero values mean "nowhere in particular".
type place struct {
	region           string
	project, section uuid.UUID
}

// announce ends a transaction that others must see. It takes the counter's row
// lock, so it comes last.
func announce(ctx context.Context, tx pgx.Tx, noun string, id uuid.UUID, where place, at time.Time) error {
	_, err := tx.Exec(ctx, "SELECT announce($1, $2, nullif($3, ''), $4, $5, $6)",
		noun, id, where.region, nilID(where.project), nilID(where.section), at)
	return err
}

func nilID(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

// Changes reads the log after a number, oldest first.
func (db *DB) Changes(ctx context.Context, after int64, limit int) ([]Change, error) {
	return collect[Change](ctx, db.pool,
		"SELECT seq, noun, noun_id, region, project_id, section_id, at FROM change WHERE seq > $1 ORDER BY seq LIMIT $2", after, limit)
}

// ChangeSpan is the oldest number still in the log and the newest given out. An
// empty log begins after the newest.
func (db *DB) ChangeSpan(ctx context.Context) (oldest, newest int64, err error) {
	err = db.pool.QueryRow(ctx, `
		SELECT coalesce((SELECT min(seq) FROM change), c.seq + 1), c.seq FROM change_counter c`).Scan(&oldest, &newest)
	return oldest, newest, kindOf(err)
}

// Bell is a stroke of the database: something is new in the change log, or
// people moved at a site.
type Bell struct {
	Headcount uuid.UUID // the site whose people moved; zero: the change log
}

// Listen waits for bells and calls ring for each, until ctx ends or the
// connection breaks. A lost stroke is harmless: callers also poll.
func (db *DB) Listen(ctx context.Context, ring func(Bell)) error {
	return db.listen(ctx, []string{"muster_change", headcountBell}, func(channel, payload string) {
		if channel != headcountBell {
			ring(Bell{})
			return
		}
		for _, site := range sitesOf(payload) {
			ring(Bell{Headcount: site})
		}
	})
}

// ListenNotices waits for new notices and calls ring for each stroke. A lost
// stroke is harmless: workers also poll.
func (db *DB) ListenNotices(ctx context.Context, ring func()) error {
	return db.listen(ctx, []string{"muster_notice"}, func(string, string) { ring() })
}

func (db *DB) listen(ctx context.Context, channels []string, heard func(channel, payload string)) error {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return kindOf(err)
	}
	defer func() {
		raw := conn.Hijack() // a listening connection must not go back to the pool
		_ = raw.Close(context.WithoutCancel(ctx))
	}()
	for _, channel := range channels {
		if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
			return kindOf(err)
		}
	}
	for {
		n, err := conn.Conn().WaitForNotification(ctx)
		if err != nil {
			return kindOf(err)
		}
		heard(n.Channel, n.Payload)
	}
}

// Actor is who did something: a user, or the machine under a name.
type Actor struct {
	ID   uuid.UUID // zero for devices, feeds and the machine itself
	Name string    // login, feed or device name; never a person's name
}

// Audit is one line of the audit trail. Detail holds ids and states, no names,
// phones or numbers of people.
type Audit struct {
	ID      uuid.UUID
	At      time.Time
	ActorID *uuid.UUID
	Actor   string
	Act     string
	Noun    string
	NounID  string
	Detail  map[string]any
}

func audit(ctx context.Context, q querier, by Actor, act, noun, nounID string, detail map[string]any, at time.Time) error {
	if detail == nil {
		detail = map[string]any{}
	}
	_, err := q.Exec(ctx, `
		INSERT INTO audit (id, at, actor_id, actor, act, noun, noun_id, detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		newID(), at, nilID(by.ID), by.Name, act, noun, nounID, detail)
	return err
}

// Audited writes one line of the audit trail outside any other transaction: for
// looks at personal data and for sign-ins.
func (db *DB) Audited(ctx context.Context, by Actor, act, noun, nounID string, detail map[string]any, at time.Time) error {
	return kindOf(audit(ctx, db.pool, by, act, noun, nounID, detail, at))
}

// Mark is where a page of a list by time ended; the next one begins below it.
// Many rows share an instant, so the time alone would lose some of them.
type Mark struct {
	At  time.Time
	ID  uuid.UUID
	Seq int
}

// AuditTrail reads the trail backwards from a mark.
func (db *DB) AuditTrail(ctx context.Context, from Mark, limit int) ([]Audit, error) {
	return collect[Audit](ctx, db.pool, `
		SELECT id, at, actor_id, actor, act, noun, noun_id, detail FROM audit
		WHERE (at, id) < ($1, $2) ORDER BY at DESC, id DESC LIMIT $3`, from.At, from.ID, limit)
}

// Reason is one sentence of an explanation, with a stable code.
type Reason struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// decide keeps why something was warned of or not.
func decide(ctx context.Context, q querier, subject string, id uuid.UUID, verdict string, reasons []Reason, actor string, at time.Time) error {
	if reasons == nil {
		reasons = []Reason{}
	}
	_, err := q.Exec(ctx, "INSERT INTO decision (id, at, subject, subject_id, verdict, reasons, actor) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		newID(), at, subject, id, verdict, reasons, actor)
	return err
}

// newID makes a UUIDv7 (RFC 9562 §5.7): ordered by time, so that indexes grow at
// one end.
func newID() uuid.UUID {
	id, err := uuid.NewV7()
	if err != nil {
		panic(err) // the machine has no randomness
	}
	return id
}

// notFound is the one answer for what is not there and what may not be seen.
func notFound(what string) error {
	return errs.New(errs.NotFound, "not_found", "没有这个%s，或不在您的管辖范围", what)
}

// notFoundAs says what was not found; other errors pass through.
func notFoundAs(err error, what string) error {
	if errs.Is(err, errs.NotFound) {
		return notFound(what)
	}
	return err
}
