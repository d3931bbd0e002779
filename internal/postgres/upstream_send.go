package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/errs"
)

// UpstreamStage is the kind of a thing to tell, in the order that the dialect forces
// (devices.md §1.3).
type UpstreamStage int16

// The stages.
const (
	UpstreamTeam   UpstreamStage = iota + 1 // 班组, Team.Add
	UpstreamWorker                          // 人员, ProjectWorker.Add
	UpstreamMove                            // 进退场, WorkerEntryExit.Add
	UpstreamPass                            // 考勤, WorkerAttendance.Add
)

// upstreamMost is how many of a stage go in one call (devices.md §1.3).
var upstreamMost = map[UpstreamStage]int{UpstreamTeam: 1, UpstreamWorker: 5, UpstreamMove: 50, UpstreamPass: 20}

// UpstreamItem is one thing to tell, with the person as sealed as he is stored: of a
// team its leader.
type UpstreamItem struct {
	ID          int64
	Stage       UpstreamStage
	TeamID      uuid.UUID
	PersonID    *uuid.UUID
	Name        string
	IDSealed    *string
	PhoneSealed *string
	WorkType    string
	Leader      bool
	Manager     bool
	At          time.Time
	Direction   string // in, out; of a move: joined, left
	Channel     string
}

// UpstreamBatch are things of one stage and team, as many as go in one call.
type UpstreamBatch struct {
	Upstream Upstream
	Stage    UpstreamStage
	Team     UpstreamTeamInfo
	Items    []UpstreamItem
}

// UpstreamTeamInfo is the team of a batch.
type UpstreamTeamInfo struct {
	Number      int64 // the platform's, 0 before it has given one
	Name        string
	Company     string
	CompanyCode string // USCC
	EnteredOn   *time.Time
}

// UpstreamSent is what became of sending a batch.
type UpstreamSent struct {
	Unfit map[int64]string // items that cannot be told, with the reason; the others were sent
	Code  string           // by which the result is asked for; "" nothing was left to send
	Err   error            // of sending, its kind as gate.RealNameClient says
	Words string           // of Err, without personal data
}

// SendUpstream sends the next batch of a platform and writes down what became of it
// in the same transaction. When this process dies between, the batch still waits and
// is sent again: the platform counts a thing once. more: something was done, there may
// be more to do at once.
func (db *DB) SendUpstream(ctx context.Context, id uuid.UUID, at time.Time, send func(context.Context, UpstreamBatch) UpstreamSent) (more bool, err error) {
	err = db.onUpstream(ctx, id, at, func(tx pgx.Tx, u Upstream) error {
		if err := refuseOfTeams(ctx, tx, id); err != nil {
			return err
		}
		more = false
		b, err := nextBatch(ctx, tx, u)
		if err != nil || len(b.Items) == 0 {
			return err
		}
		sent := send(ctx, b)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		more = sent.Err == nil || errs.Is(sent.Err, errs.Fix)
		return writeSent(ctx, tx, b, sent, at)
	})
	return more && err == nil, err
}

// refuseOfTeams: without the number of a team nothing of it can be told.
func refuseOfTeams(ctx context.Context, tx pgx.Tx, id uuid.UUID) error {
	_, err := tx.Exec(ctx, `
		UPDATE upstream_item SET state = 'refused', words = '班组没有被收下'
		WHERE  upstream_id = $1 AND state = 'waiting' AND stage > 1
		AND    team_id = ANY(ARRAY(SELECT team_id FROM upstream_item WHERE upstream_id = $1 AND stage = 1 AND state = 'refused'))`, id)
	return err
}

// batchSQL: what the platform has failed on goes behind the rest; nothing goes
// before what it rests on: of somebody in a team the lowest stage that is open, of
// his moves the first. One scan without a join: the queue grows and empties faster
// than the planner learns of it.
const batchSQL = `
WITH open AS (
    SELECT id, stage, team_id, state, at, alone, tries, min(stage) OVER (PARTITION BY team_id, person_id) AS lowest,
           min(at) FILTER (WHERE stage = 3) OVER (PARTITION BY team_id, person_id) AS move
    FROM   upstream_item WHERE upstream_id = @id AND state IN ('waiting', 'sent')
), ready AS MATERIALIZED (
    SELECT * FROM open
    WHERE  state = 'waiting' AND stage = lowest AND (stage <> 3 OR at = move)
    AND   (stage = 1 OR team_id = ANY(ARRAY(SELECT team_id FROM upstream_item WHERE upstream_id = @id AND stage = 1 AND number IS NOT NULL)))
), first AS (
    SELECT * FROM ready ORDER BY tries, stage, id LIMIT 1
)
SELECT r.id FROM ready r JOIN first f ON r.id = f.id OR r.stage = f.stage AND r.team_id = f.team_id AND NOT r.alone AND NOT f.alone
ORDER  BY r.tries, r.id LIMIT 50`

// itemSQL reads items with their people; a person's work is that of the membership
// that holds, else the latest; of a team it is the leader who is read.
const itemSQL = `
SELECT i.id, i.stage, i.team_id, p.id AS person_id, coalesce(p.name, '') AS name, p.id_sealed, p.phone_sealed, coalesce(m.work_type, '') AS work_type,
       coalesce(m.leader, false) AS leader, i.at, i.direction, i.channel,
       EXISTS (SELECT FROM post o WHERE o.person_id = p.id AND o.role <> 'worker' AND o.valid_until IS NULL) AS manager
FROM   upstream_item i
LEFT   JOIN LATERAL (
       SELECT m.* FROM team_member m WHERE m.team_id = i.team_id AND (m.person_id = i.person_id OR i.person_id IS NULL AND m.leader)
       ORDER  BY m.valid_until IS NULL DESC, m.valid_from DESC, m.id LIMIT 1) m ON true
LEFT   JOIN person p ON p.id = coalesce(i.person_id, m.person_id)
WHERE  i.upstream_id = @id AND `

// nextBatch is what is sent next, without items when nothing can be.
func nextBatch(ctx context.Context, tx pgx.Tx, u Upstream) (UpstreamBatch, error) {
	next, err := collectIDs[int64](ctx, tx, batchSQL, pgx.NamedArgs{"id": u.ID})
	if err != nil || len(next) == 0 {
		return UpstreamBatch{}, err
	}
	items, err := collect[UpstreamItem](ctx, tx, itemSQL+"i.id = ANY(@items) ORDER BY i.tries, i.id", pgx.NamedArgs{"id": u.ID, "items": next})
	if err != nil {
		return UpstreamBatch{}, err
	}
	b := UpstreamBatch{Upstream: u, Stage: items[0].Stage}
	b.Items = items[:min(len(items), upstreamMost[b.Stage])]
	b.Team, err = one[UpstreamTeamInfo](ctx, tx, `
		SELECT coalesce(i.number, 0) AS number, g.name, coalesce(nullif(g.company, ''), c.name, '') AS company,
		       coalesce(nullif(g.company_code, ''), CASE WHEN g.company IN ('', c.name) THEN c.uscc END, '') AS company_code, g.entered_on
		FROM   upstream_item i JOIN team g ON g.id = i.team_id LEFT JOIN section s ON s.id = g.section_id LEFT JOIN company c ON c.id = s.company_id
		WHERE  i.upstream_id = $1 AND i.stage = 1 AND i.team_id = $2`, u.ID, items[0].TeamID)
	return b, err
}

func collectIDs[T any](ctx context.Context, q querier, sql string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, kindOf(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[T])
	return list, kindOf(err)
}
