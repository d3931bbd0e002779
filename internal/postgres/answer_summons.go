package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/errs"
	"muster/internal/response"
	"muster/internal/warning"
)

// Called is a summons as the person who was called sees it: what the warning
// says, and the sites he was asked about.
type Called struct {
	ID           uuid.UUID
	PersonID     uuid.UUID
	Mode         string
	DeadAt       *time.Time
	WrongContact bool
	WarningID    *uuid.UUID
	Title        *string
	Hazard       *warning.Hazard
	Level        *warning.Level
	Authority    *string
	Expires      *time.Time
	ClosedAt     *time.Time
	RulesID      *uuid.UUID
	Sites        []CalledSite    `db:"-"`
	Rules        *response.Rules `db:"-"`
}

// CalledSite is a site that somebody was asked about.
type CalledSite struct {
	ThreadID    uuid.UUID
	SiteName    string
	Measure     warning.Measure
	Level       warning.Level
	AtRisk      bool
	State       response.State
	Sentence    string
	MusterPoint string
	DueAt       *time.Time
}

// CalledBy reads a summons by its id: who holds the link to it needs no more.
func (db *DB) CalledBy(ctx context.Context, summons uuid.UUID, at time.Time) (Called, error) {
	c, err := one[Called](ctx, db.pool, `
		SELECT s.id, s.person_id, s.mode, s.dead_at, s.wrong_contact, s.warning_id, w.title, w.hazard, w.level, a.name AS authority, w.expires,
		       CASE WHEN w.state = 'lifted' THEN w.closed_at END AS closed_at, v.rules_id
		FROM   summons s LEFT JOIN warning w ON w.id = s.warning_id LEFT JOIN authority a ON a.id = w.authority_id
		LEFT   JOIN revision v ON v.warning_id = w.id AND v.number = w.revision
		WHERE  s.id = $1`, summons)
	if err != nil {
		return c, notFoundAs(err, "通知")
	}
	if c.Rules, err = db.rulesOf(ctx, c.RulesID, at); err != nil {
		return c, err
	}
	c.Sites, err = collect[CalledSite](ctx, db.pool, `
		SELECT r.id AS thread_id, r.site_name, r.measure, r.level, r.at_risk, r.state, coalesce(g.reasons->>'sentence', '') AS sentence, s.muster_point,
		       (SELECT min(d.due_at) FROM duty d WHERE d.subject_id = r.id AND d.state = 'open') AS due_at
		FROM   summons_target t JOIN response r ON r.id = t.response_id JOIN site s ON s.id = r.site_id LEFT JOIN target g ON g.id = r.target_id
		WHERE  t.summons_id = $1 AND t.rung >= 0 ORDER BY r.site_name, r.id`, summons)
	return c, err
}

// GiveBySummons takes an answer of the person behind a summons, who has not
// signed in: about the sites that he was asked about, and no other (errs.Outside).
// An acknowledgement settles everything that was sent to him.
func (db *DB) GiveBySummons(ctx context.Context, summons uuid.UUID, a Answer, at time.Time) ([]response.Standing, error) {
	var list []response.Standing
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		threads, err := a.calledAbout(ctx, tx, summons)
		if err != nil {
			return err
		}
		if list, err = give(ctx, tx, a, threads, at); err != nil {
			return err
		}
		if a.Event != response.Acknowledge {
			return nil
		}
		if err := answeredNotices(ctx, tx, summons, at); err != nil {
			return err
		}
		if !slices.Contains(a.Flags, "support") {
			return nil
		}
		in := incoming{inbound: a.EventID, at: at}
		return in.support(ctx, tx, threads)
	})
	return list, err
}

// calledAbout locks the named sites of a summons and puts the person's name on
// the answer.
func (a *Answer) calledAbout(ctx context.Context, tx pgx.Tx, summons uuid.UUID) ([]thread, error) {
	s, err := one[struct {
		PersonID     uuid.UUID
		DeadAt       *time.Time
		WrongContact bool
	}](ctx, tx, "SELECT person_id, dead_at, wrong_contact FROM summons WHERE id = $1 FOR UPDATE", summons)
	if err != nil {
		return nil, notFoundAs(err, "通知")
	}
	if s.WrongContact {
		return nil, errs.New(errs.Gone, "wrong_contact", "此前已答复“不是本人”，这个链接不再接收答复")
	}
	if s.DeadAt != nil && !a.At.Before(*s.DeadAt) {
		return nil, errs.New(errs.Gone, "over", "预警已解除，答复未采纳")
	}
	asked, err := askedThreads(ctx, tx, summons)
	if err != nil {
		return nil, err
	}
	a.By, a.PersonID = machine, &s.PersonID
	var named []thread
	for _, t := range asked {
		if slices.Contains(a.Threads, t.ID) {
			named = append(named, t)
		}
	}
	if len(named) < len(a.Threads) {
		return nil, errs.New(errs.Gone, "not_asked", "其中有点位已不再需要答复，未作任何改动，请刷新后再试")
	}
	return named, nil
}

// NotHim takes "不是本人": the number is somebody else's. His calls stop and the
// next person is called now.
func (db *DB) NotHim(ctx context.Context, summons uuid.UUID, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		threads, err := askedThreads(ctx, tx, summons)
		if err != nil {
			return err
		}
		in := incoming{at: at}
		return in.notHim(ctx, tx, summons, threads, response.Reading{WrongPerson: true})
	})
}
