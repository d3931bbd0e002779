package postgres

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/response"
	"muster/internal/warning"
)

// MusterMark is what a helper says about one expected person, or, without a
// person, how many visitors there are.
type MusterMark struct {
	ID       uuid.UUID // the helper's own: the same mark that comes again has the same
	PersonID *uuid.UUID
	State    response.MusterState
	People   int
	Evidence response.Evidence
	At       time.Time // by the helper's clock
	Words    string
}

// MarkMuster takes the marks of one helper about an evacuation. Marks only add:
// whoever comes later, with or without signal in between, overwrites nobody
// (primary key of muster_mark). The list is drawn up when it is not there yet; a
// person who is not on it is added as found there.
func (db *DB) MarkMuster(ctx context.Context, scope account.Scope, id uuid.UUID, marks []MusterMark, by Actor, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		threads, err := lockThreads(ctx, tx, []uuid.UUID{id})
		if err != nil {
			return err
		}
		if err := allWithin(scope, []uuid.UUID{id}, threads); err != nil {
			return err
		}
		t := threads[0]
		if t.Measure != warning.Evacuate && t.Measure != warning.Shelter {
			return errs.New(errs.Fix, "no_muster", "%s的措施是%s，不需要清点名单", t.SiteName, t.Measure.Label())
		}
		if err := drawUpMuster(ctx, tx, t, at); err != nil {
			return err
		}
		if err := insertMarks(ctx, tx, t, marks, by, at); err != nil {
			return err
		}
		return announceThreads(ctx, tx, threads, at)
	})
}

func insertMarks(ctx context.Context, tx pgx.Tx, t thread, marks []MusterMark, by Actor, at time.Time) error {
	var found []uuid.UUID
	for _, m := range marks {
		if m.PersonID != nil {
			found = append(found, *m.PersonID)
		}
	}
	if err := foundThere(ctx, tx, t, found, at); err != nil {
		return err
	}
	batch := &pgx.Batch{}
	for _, m := range marks {
		people := 1
		if m.PersonID == nil {
			people = m.People
		}
		batch.Queue(`
			INSERT INTO muster_mark (id, response_id, person_id, state, people, evidence, at, said_at, recorded_at, user_id, actor, words)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING`,
			m.ID, t.ID, m.PersonID, m.State, people, m.Evidence, response.MarkTime(m.At, t.OpenedAt, at), m.At, at, nilID(by.ID), by.Name, m.Words)
	}
	return tx.SendBatch(ctx, batch).Close()
}

// foundThere adds people to the list who were not expected but are marked.
func foundThere(ctx context.Context, tx pgx.Tx, t thread, people []uuid.UUID, at time.Time) error {
	var known int
	people = slices.Compact(slices.SortedFunc(slices.Values(people), func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }))
	if err := tx.QueryRow(ctx, "SELECT count(*) FROM person WHERE id = ANY($1)", people).Scan(&known); err != nil {
		return err
	}
	if known < len(people) {
		return errs.New(errs.Fix, "person_unknown", "名单里有不认识的人，本次清点未记下").With(
			errs.Detail{Where: "marks[].person_id", Text: "没有这个人", Mend: "按人数登记访客，或先登记人员"})
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO muster_person (response_id, person_id, why, listed_at) SELECT $1, x, '{found}', $3 FROM unnest($2::uuid[]) x ON CONFLICT DO NOTHING`,
		t.ID, people, at)
	return err
}

// drawUpMuster writes down who is expected at the site: who sleeps there or is on
// shift and not on leave, and who was inside when the evacuation began, even if
// the gate has seen him leave since, or he is on leave. It is done once; later it
// only adds.
func drawUpMuster(ctx context.Context, tx pgx.Tx, t thread, at time.Time) error {
	_, err := tx.Exec(ctx, `
		WITH here AS MATERIALIZED (
		    SELECT * FROM presence WHERE site_id = @site AND inside
		    UNION ALL -- who left since has no index in presence; his pass has
		    SELECT * FROM presence WHERE site_id = @site AND NOT inside AND device_time >= @at
		    AND    person_id IN (SELECT person_id FROM pass WHERE site_id = @site AND device_time >= @at)
		)
		INSERT INTO muster_person (response_id, person_id, why, last_evidence_at, listed_at)
		SELECT @thread, e.person_id, array_agg(DISTINCT e.why), max(e.seen), @now
		FROM  (SELECT b.person_id, 'bed' AS why, NULL::timestamptz AS seen FROM bed b WHERE b.site_id = @site AND `+sleepsSQL("b")+`
		       UNION ALL
		       SELECT w.person_id, 'shift', NULL FROM shift w WHERE w.site_id = @site AND `+worksSQL("w")+`
		       UNION ALL
		       SELECT p.person_id, CASE WHEN p.inside AND p.device_time > @at THEN 'entered' ELSE 'present' END, p.device_time FROM here p
		       UNION ALL
		       SELECT p.person_id, 'leave', NULL FROM here p WHERE `+onLeaveSQL("p")+`) e
		GROUP  BY e.person_id
		ON CONFLICT DO NOTHING`, pgx.NamedArgs{"thread": t.ID, "site": t.SiteID, "at": t.OpenedAt, "now": at})
	return err
}

// musterAt is the state of a muster; Drawn is false when nobody has begun it.
type musterAt struct {
	Drawn    bool
	Marked   bool
	Totals   response.MusterTotals
	Visitors int
}

func musterOf(ctx context.Context, q querier, thread uuid.UUID) (musterAt, error) {
	m, err := readMuster(ctx, q, thread)
	if err != nil {
		return musterAt{}, err
	}
	out := musterAt{Drawn: len(m.People) > 0, Marked: m.Marks > 0, Totals: m.Totals()}
	if m.Visitors != nil {
		out.Visitors = m.Visitors.People
	}
	return out, nil
}
