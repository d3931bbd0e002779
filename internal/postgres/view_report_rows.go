package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/response"
)

// each runs a query and hands its rows on one by one: a report of a hundred
// thousand lines is never in memory.
func each[T any](ctx context.Context, q querier, sql string, args pgx.NamedArgs, f func(T) error) error {
	rows, err := q.Query(ctx, sql, args)
	if err != nil {
		return kindOf(err)
	}
	defer rows.Close()
	for rows.Next() {
		v, err := pgx.RowToStructByName[T](rows)
		if err != nil {
			return kindOf(err)
		}
		if err := f(v); err != nil {
			return err
		}
	}
	return kindOf(rows.Err())
}

// ReportEvent is a line of the full time line.
type ReportEvent struct {
	RecordedAt time.Time
	At         time.Time
	SiteName   string
	Event      string
	FromState  *response.State
	ToState    *response.State
	Channel    *response.Channel
	Actor      string
	Words      string
}

// EachReportEvent hands on what happened under a warning, oldest first.
func (db *DB) EachReportEvent(ctx context.Context, scope account.Scope, warningID uuid.UUID, f func(ReportEvent) error) error {
	args := pgx.NamedArgs{"warning": warningID}
	return each(ctx, db.pool, reportSQL(scope, args)+`
		SELECT e.recorded_at, e.at, h.site_name, e.event, e.from_state, e.to_state, e.channel, e.actor, e.words
		FROM   held h JOIN response_event e ON e.response_id = h.id ORDER BY e.recorded_at, e.id`, args, f)
}

// ReportNotice is a line of the list of notices.
type ReportNotice struct {
	CreatedAt   time.Time
	Kind        response.NoticeKind
	Channel     response.Channel
	Rung        int
	Round       int
	State       response.NoticeState
	PersonID    uuid.UUID
	SentAt      *time.Time
	DeliveredAt *time.Time
	ReadAt      *time.Time
	AnsweredAt  *time.Time
	Attempts    int
	Reason      string
}

// EachReportNotice hands on what was written to people under a warning, oldest
// first.
func (db *DB) EachReportNotice(ctx context.Context, scope account.Scope, warningID uuid.UUID, f func(ReportNotice) error) error {
	args := pgx.NamedArgs{"warning": warningID}
	return each(ctx, db.pool, reportSQL(scope, args)+`
		SELECT n.created_at, n.kind, n.channel, n.rung, n.round, n.state, n.party_id AS person_id, n.sent_at, n.delivered_at, n.read_at, n.answered_at,
		       (SELECT count(*) FROM notice_attempt a WHERE a.notice_id = n.id) AS attempts, n.reason
		FROM   notice n
		WHERE  n.party_kind = 'person'
		AND    n.summons_id IN (SELECT t.summons_id FROM held JOIN summons_target t ON t.response_id = held.id)
		ORDER  BY n.created_at, n.id`, args, f)
}
