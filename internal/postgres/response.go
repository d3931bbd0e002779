package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/response"
	"muster/internal/warning"
)

// thread is a row of response as the acts need it: where one site stands under
// one warning, and what its clocks need to know.
type thread struct {
	ID             uuid.UUID
	Mode           string
	WarningID      *uuid.UUID
	TargetID       *uuid.UUID
	SiteID         uuid.UUID
	SiteName       string
	Region         string
	ProjectID      uuid.UUID
	SectionID      uuid.UUID
	Measure        warning.Measure
	Level          warning.Level
	Sleeps         bool
	NoSignal       bool
	AtRisk         bool
	Cause          string
	State          response.State
	Since          time.Time
	OpenedAt       time.Time
	Version        int
	AcknowledgedAt *time.Time
	ActedAt        *time.Time
	ReportedAt     *time.Time
	InspectedAt    *time.Time
	ReportedBy     *uuid.UUID
	ConfirmedBy    *uuid.UUID
	Evidence       []string
	Doubts         []string
	Drawn          bool
	WindowEnd      *time.Time // of the warning
	Sentence       string     // the instruction in words
	MusterPoint    string
	Upgrade        bool // it was asked anew, stricter
	Returned       int  // people who went back in, while it is reopened
}

const threadSQL = `
SELECT r.id, r.mode, r.warning_id, r.target_id, r.site_id, r.site_name, r.region, r.project_id, r.section_id, r.measure, r.level, r.sleeps, r.no_signal,
       r.at_risk, r.cause, r.state, r.since, r.opened_at, r.version, r.acknowledged_at, r.acted_at, r.reported_at, r.inspected_at,
       r.reported_by, r.confirmed_by, r.evidence, r.doubts, r.drawn, w.expires AS window_end,
       coalesce(g.reasons->>'sentence', '') AS sentence, s.muster_point,
       EXISTS (SELECT FROM response_event e WHERE e.response_id = r.id AND e.recorded_at = r.opened_at AND e.event = 'upgraded'
               AND e.detail->>'stricter' = 'true') AS upgrade,
       CASE WHEN r.state = 'reopened' THEN coalesce((SELECT (e.detail->>'people')::int FROM response_event e
            WHERE e.response_id = r.id AND e.event = 'reentry' ORDER BY e.recorded_at DESC LIMIT 1), 0) ELSE 0 END AS returned
FROM   response r
JOIN   site s ON s.id = r.site_id
LEFT   JOIN warning w ON w.id = r.warning_id
LEFT   JOIN target g ON g.id = r.target_id
`

func (t thread) place() account.Place {
	return account.Place{Region: t.Region, Project: t.ProjectID, Section: t.SectionID, SiteID: t.SiteID}
}

func (t thread) situation() response.Situation {
	s := response.Situation{Measure: t.Measure, Level: t.Level, Sleeps: t.Sleeps, NoSignal: t.NoSignal, AtRisk: t.AtRisk,
		Reopened: t.State == response.Reopened, Self: t.WarningID == nil, Upgrade: t.Upgrade}
	if t.WindowEnd != nil {
		s.WindowEnd = *t.WindowEnd
	}
	return s
}

// lockThreads takes the rows in the order of their ids, so that two answers that
// name the same sites wait for each other instead of deadlocking.
func lockThreads(ctx context.Context, tx pgx.Tx, ids []uuid.UUID) ([]thread, error) {
	return collect[thread](ctx, tx, threadSQL+"WHERE r.id = ANY($1) ORDER BY r.id FOR UPDATE OF r", ids)
}

// stepTo is one change of a response, with what is kept about it.
type stepTo struct {
	EventID   uuid.UUID
	Event     response.Event
	To        response.State
	At        time.Time // when it happened
	Actor     Actor
	PersonID  *uuid.UUID
	Channel   response.Channel
	NoticeID  *uuid.UUID
	Words     string
	Detail    map[string]any
	Changed   bool // false: it is kept and changes nothing
	Safe      *int
	Missing   *int
	Evidence  []string
	Doubts    []string
	Drawn     bool
	FlagsMore []string
}

// stampOf is the column that keeps the first time of a state.
var stampOf = map[response.State]string{
	response.Delivered: "delivered_at", response.Read: "read_at", response.Acknowledged: "acknowledged_at", response.Moving: "acted_at",
	response.CarriedOut: "acted_at", response.Reported: "reported_at", response.Confirmed: "confirmed_at", response.Verified: "verified_at",
}

// write changes a response and keeps the event. The event's id makes it once:
// the same answer that comes again finds its event there and writes nothing.
func (t *thread) write(ctx context.Context, tx pgx.Tx, s stepTo, at time.Time) (bool, error) {
	from, to := &t.State, &s.To
	if !s.Changed {
		from, to = nil, nil
	}
	if s.Detail == nil {
		s.Detail = map[string]any{}
	}
	tag, err := tx.Exec(ctx, `
		INSERT INTO response_event (id, response_id, mode, at, recorded_at, event, from_state, to_state, channel, notice_id, person_id, user_id,
		                            actor, words, detail)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, nullif($9, ''), $10, $11, $12, $13, $14, $15)
		ON CONFLICT (id) DO NOTHING`,
		s.EventID, t.ID, t.Mode, s.At, at, s.Event, from, to, string(s.Channel), s.NoticeID, s.PersonID, nilID(s.Actor.ID),
		s.Actor.Name, s.Words, s.Detail)
	if err != nil || tag.RowsAffected() == 0 {
		return false, err
	}
	return true, t.move(ctx, tx, s, at)
}

func (t *thread) move(ctx context.Context, tx pgx.Tx, s stepTo, at time.Time) error {
	if !s.Changed && len(s.FlagsMore) == 0 {
		return nil
	}
	if !s.Changed {
		s.To = t.State
	}
	stamp := ""
	if column := stampOf[s.To]; column != "" && s.Changed {
		stamp = ", " + column + " = coalesce(" + column + ", @happened)"
	}
	ended := s.Changed && ends(s.To)
	_, err := tx.Exec(ctx, `
		UPDATE response SET state = @state, since = CASE WHEN state = @state THEN since ELSE @at END, version = version + 1,
		       ended_at = CASE WHEN @ended THEN @at ELSE ended_at END,
		       people_safe = coalesce(@safe, people_safe), people_missing = coalesce(@missing, people_missing),
		       evidence = CASE WHEN cardinality(@evidence::text[]) > 0 THEN @evidence ELSE evidence END,
		       doubts = CASE WHEN @event = 'reported' OR @event = 'carried_out' THEN @doubts ELSE doubts END,
		       drawn = CASE WHEN @event = 'reported' OR @event = 'carried_out' THEN @drawn ELSE drawn END,
		       reported_by = CASE WHEN @event IN ('reported', 'carried_out') THEN @by ELSE reported_by END,
		       confirmed_by = CASE WHEN @event = 'confirmed' THEN @by ELSE confirmed_by END,
		       flags = ARRAY(SELECT DISTINCT f FROM unnest(flags || @flags::text[]) f ORDER BY f)`+stamp+`
		WHERE  id = @id`, pgx.NamedArgs{"id": t.ID, "state": s.To, "at": at, "happened": s.At, "ended": ended, "safe": s.Safe,
		"missing": s.Missing, "evidence": orEmpty(s.Evidence), "doubts": orEmpty(s.Doubts), "drawn": s.Drawn, "event": s.Event,
		"by": s.who(), "flags": orEmpty(s.FlagsMore)})
	t.State = s.To
	return err
}

// who did it: the user, or the person who answered without signing in.
func (s stepTo) who() *uuid.UUID {
	if s.PersonID != nil {
		return s.PersonID
	}
	return nilID(s.Actor.ID)
}

func ends(s response.State) bool {
	return s == response.Released || s == response.Lifted || s == response.ReturnAllowed
}
