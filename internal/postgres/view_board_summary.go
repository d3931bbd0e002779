package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/response"
)

// BoardSummary are the sums over a warning's threads in a scope.
type BoardSummary struct {
	Total     int
	ByState   map[string]int
	ByMeasure map[string]int // of what is still asked for
	People    struct{ Certain, Possible, Expected, Safe, Missing int }
	Overdue   overdue
	Notices   map[string]map[string]int // by channel and state
	Oversight []OversightRow
	Lot       Lot
}

// OversightRow is an authority that was told of a warning, and whether it has
// signed.
type OversightRow struct {
	AuthorityID    uuid.UUID
	Name           string
	Level          string
	OpenedAt       time.Time
	AcknowledgedAt *time.Time
}

// Lot is what can be checked of the lottery: the commitment from the publication
// on, the secret after the end.
type Lot struct {
	Commitment []byte
	Secret     []byte // nil while the warning lasts
}

// Summary counts the threads of a warning that lie in the scope.
func (db *DB) Summary(ctx context.Context, scope account.Scope, warningID uuid.UUID, at time.Time) (BoardSummary, error) {
	s := BoardSummary{ByState: map[string]int{}, ByMeasure: map[string]int{}, Notices: map[string]map[string]int{}}
	args := pgx.NamedArgs{"warning": warningID, "at": at}
	held := "r.warning_id = @warning AND " + scopeColumns(scope, args, "r.region", "r.project_id", "r.section_id", "r.site_id")
	for _, read := range []func(context.Context, querier, string, pgx.NamedArgs) error{s.threads, s.people, s.clocks, s.notices} {
		if err := read(ctx, db.pool, held, args); err != nil {
			return s, err
		}
	}
	var err error
	if s.Oversight, err = db.Oversight(ctx, warningID); err != nil {
		return s, err
	}
	s.Lot, err = db.lot(ctx, warningID)
	return s, err
}

func (s *BoardSummary) threads(ctx context.Context, q querier, held string, args pgx.NamedArgs) error {
	rows, err := collect[struct {
		State         response.State
		Measure       string
		N             int
		Safe, Missing int
	}](ctx, q, `
		SELECT state, measure, count(*) AS n, coalesce(sum(people_safe), 0) AS safe, coalesce(sum(people_missing), 0) AS missing
		FROM   response r WHERE `+held+" GROUP BY state, measure", args)
	for _, r := range rows {
		s.Total += r.N
		s.ByState[string(r.State)] += r.N
		s.People.Safe, s.People.Missing = s.People.Safe+r.Safe, s.People.Missing+r.Missing
		if r.State.Live() {
			s.ByMeasure[r.Measure] += r.N
		}
	}
	return err
}

// people counts by site: certain and possible are never added up, and expected is
// not less than who is there.
func (s *BoardSummary) people(ctx context.Context, q querier, held string, args pgx.NamedArgs) error {
	err := q.QueryRow(ctx, `
		WITH held AS MATERIALIZED (SELECT r.site_id FROM response r WHERE `+held+`),
		present AS (SELECT p.person_id, p.site_id, p.fresh_until > @at AS certain FROM presence p WHERE p.inside AND p.site_id IN (SELECT site_id FROM held)),
		expected AS (
		    SELECT site_id, person_id FROM present
		    UNION
		    SELECT b.site_id, b.person_id FROM bed b
		    WHERE  b.site_id IN (SELECT site_id FROM held) AND `+sleepsSQL("b")+`
		    UNION
		    SELECT w.site_id, w.person_id FROM shift w
		    WHERE  w.site_id IN (SELECT site_id FROM held) AND `+worksSQL("w")+`)
		SELECT (SELECT count(*) FROM present WHERE certain), (SELECT count(*) FROM present WHERE NOT certain), (SELECT count(*) FROM expected)`, args).
		Scan(&s.People.Certain, &s.People.Possible, &s.People.Expected)
	return kindOf(err)
}

func (s *BoardSummary) clocks(ctx context.Context, q querier, held string, args pgx.NamedArgs) error {
	s.Overdue.Total = s.Total
	err := q.QueryRow(ctx, `
		SELECT count(*) FILTER (WHERE d.kind = 'acknowledge'),
		       count(*) FILTER (WHERE d.kind IN ('act', 'report')),
		       count(*) FILTER (WHERE d.kind IN ('confirm', 'verify'))
		FROM   duty d JOIN response r ON r.id = d.subject_id
		WHERE  d.warning_id = @warning AND d.state = 'open' AND d.due_at <= @at AND `+held, args).
		Scan(&s.Overdue.Unanswered, &s.Overdue.Unfinished, &s.Overdue.Unverified)
	return kindOf(err)
}

// notices counts what was written to people about the sites, and to the groups,
// horns and systems of their units.
func (s *BoardSummary) notices(ctx context.Context, q querier, held string, args pgx.NamedArgs) error {
	rows, err := collect[struct {
		Channel, State string
		N              int
	}](ctx, q, `
		WITH held AS MATERIALIZED (SELECT r.id, r.site_id, r.section_id, r.project_id FROM response r WHERE `+held+`),
		     asked AS MATERIALIZED (SELECT DISTINCT t.summons_id FROM summons_target t WHERE t.response_id IN (SELECT id FROM held)),
		     units AS MATERIALIZED (SELECT a.id FROM channel_account a
		                            WHERE a.unit_id IN (SELECT site_id FROM held UNION SELECT section_id FROM held UNION SELECT project_id FROM held))
		SELECT n.channel, n.state, count(*) AS n FROM notice n
		WHERE  n.warning_id = @warning
		AND    (n.summons_id IN (SELECT summons_id FROM asked) OR n.party_kind = 'unit' AND n.party_id IN (SELECT id FROM units))
		GROUP  BY n.channel, n.state`, args)
	for _, r := range rows {
		if s.Notices[r.Channel] == nil {
			s.Notices[r.Channel] = map[string]int{}
		}
		s.Notices[r.Channel][r.State] = r.N
	}
	return err
}

// Oversight lists the authorities that a warning's boards belong to.
func (db *DB) Oversight(ctx context.Context, warningID uuid.UUID) ([]OversightRow, error) {
	return collect[OversightRow](ctx, db.pool, `
		SELECT o.authority_id, a.name, a.level, o.opened_at, o.acknowledged_at FROM oversight o JOIN authority a ON a.id = o.authority_id
		WHERE  o.warning_id = $1 ORDER BY array_position(ARRAY['province', 'city', 'county'], a.level), a.name`, warningID)
}

func (db *DB) lot(ctx context.Context, warningID uuid.UUID) (Lot, error) {
	list, err := collect[Lot](ctx, db.pool, `
		SELECT l.commitment, CASE WHEN w.closed_at IS NOT NULL THEN l.secret END AS secret
		FROM   lottery l JOIN warning w ON w.id = l.warning_id WHERE l.warning_id = $1`, warningID)
	if err != nil || len(list) == 0 {
		return Lot{}, err
	}
	return list[0], nil
}
