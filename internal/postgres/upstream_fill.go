package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// The bounds of taking in: while so much waits no more passes are taken in (they
// stay where they are, in pass), and one transaction takes so much of the receipt.
const (
	upstreamQueue = 5000
	upstreamRound = 6 * time.Hour
)

// FillUpstream takes in what a platform has to be told: the teams of its project,
// their people and moves; and the passes received since the last time, up to
// SealGrace before at. It goes by receipt, so the backlog of an outage is taken in as
// well. In the transaction that takes passes in the cursor moves past them: each is
// taken in once.
func (db *DB) FillUpstream(ctx context.Context, id uuid.UUID, at time.Time) error {
	for more := true; more; {
		more = false
		err := db.onUpstream(ctx, id, at, func(tx pgx.Tx, u Upstream) error {
			more = false
			var waiting int
			if err := tx.QueryRow(ctx, "SELECT count(*) FROM upstream_item WHERE upstream_id = $1 AND state = 'waiting'", id).Scan(&waiting); err != nil {
				return err
			}
			until := at.Add(-SealGrace)
			if waiting >= upstreamQueue || !until.After(u.UntilAt) {
				return nil
			}
			if end := u.UntilAt.Add(upstreamRound); end.Before(until) {
				until, more = end, true
			}
			return fillUpstream(ctx, tx, u, until, at)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func fillUpstream(ctx context.Context, tx pgx.Tx, u Upstream, until, at time.Time) error {
	args := pgx.NamedArgs{"id": u.ID, "project": u.ProjectID, "ours": u.OurCode, "theirs": u.ProjectCode, "from": u.FromAt, "since": u.UntilAt, "until": until,
		"at": at, "oldest": u.UntilAt.Add(-horizon - upstreamRound)}
	if _, err := tx.Exec(ctx, upstreamCrewSQL, args); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, upstreamPassSQL, args)
	return err
}

// crewSQL are the memberships of the teams of a project. A team that a labour
// system reported has no section, only the code by which that calls the project.
const crewSQL = `
	team_member m JOIN team g ON g.id = m.team_id LEFT JOIN section s ON s.id = g.section_id
	WHERE  (s.project_id = @project OR g.section_id IS NULL AND g.project_code IN (@ours, @theirs)) AND (m.valid_until IS NULL OR m.valid_until > @from)`

// upstreamCrewSQL takes in who is not known there yet, who joined and who left.
const upstreamCrewSQL = `
WITH crew AS MATERIALIZED (
    SELECT m.team_id, m.person_id, m.valid_from, m.valid_until FROM ` + crewSQL + `
), want AS (
    SELECT DISTINCT 1 AS stage, team_id, NULL::uuid AS person_id, @from::timestamptz AS at, '' AS direction FROM crew
    UNION ALL SELECT DISTINCT 2, team_id, person_id, @from::timestamptz, '' FROM crew
    UNION ALL SELECT DISTINCT 3, team_id, person_id, valid_from, 'in' FROM crew WHERE valid_from <= @at
    UNION ALL SELECT DISTINCT 3, team_id, person_id, valid_until, 'out' FROM crew WHERE valid_until <= @at
)
INSERT INTO upstream_item (upstream_id, stage, team_id, person_id, at, direction)
SELECT @id, stage, team_id, person_id, at, direction FROM want
ORDER  BY stage, at, team_id, person_id
ON CONFLICT DO NOTHING`

// upstreamPassSQL takes in passes and moves the cursor. Of somebody's teams it is
// the one of that time, else the latest: people pass before they are registered.
// The dialect knows no unknown direction and nobody without a team; a scan at a
// muster point says that somebody is safe and is no attendance.
const upstreamPassSQL = `
WITH came AS MATERIALIZED (
    SELECT p.person_id, p.device_time, p.direction, p.received_at, x.code AS channel, t.team_id
    FROM   pass p JOIN site x ON x.id = p.site_id AND x.project_id = @project
    LEFT   JOIN LATERAL (
           SELECT m.team_id FROM ` + crewSQL + ` AND m.person_id = p.person_id
           ORDER  BY m.valid_from <= p.device_time AND (m.valid_until IS NULL OR m.valid_until > p.device_time) DESC, m.valid_from DESC, m.team_id LIMIT 1) t ON true
    WHERE  p.received_at >= @since AND p.received_at < @until AND p.device_time > @oldest
    AND    p.device_id <> ALL (ARRAY(SELECT c.device_id FROM checkin_point c WHERE c.purpose = 'muster'))
), taken AS (
    INSERT INTO upstream_item (upstream_id, stage, team_id, person_id, at, direction, channel, received_at)
    SELECT @id, 4, team_id, person_id, device_time, direction, channel, received_at FROM came
    WHERE  team_id IS NOT NULL AND direction <> 'unknown' ORDER BY received_at, device_time
)
UPDATE upstream SET until_at = @until,
       no_way = no_way + (SELECT count(*) FROM came WHERE direction = 'unknown'),
       no_team = no_team + (SELECT count(*) FROM came WHERE direction <> 'unknown' AND team_id IS NULL)
WHERE  id = @id`
