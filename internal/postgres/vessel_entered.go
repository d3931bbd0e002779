package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
)

// Entered is a warning in force whose area a vessel lies in though it is none of
// its targets: it came after the warning was published.
type Entered struct {
	WarningID uuid.UUID
	Title     string
	Level     string
	Mode      string
}

// EnteredVessel is a vessel in the area of a warning that it is no target of.
type EnteredVessel struct {
	SiteID      uuid.UUID
	Name        string
	SectionName string
	Since       time.Time // when it was where it is now
	Certain     int
	Possible    int
}

// enteredSQL are vessels s in the areas of warnings w in force, by the shape or by
// the code of their region, as publishing would match them now. Whom an officer took
// out has been decided on.
const enteredSQL = `
FROM   warning w CROSS JOIN site s
WHERE  w.state = 'active' AND s.kind = 'vessel' AND s.closed_at IS NULL
AND    EXISTS (SELECT FROM warning_area a WHERE a.warning_id = w.id AND a.revision = w.revision
               AND (ST_Intersects(a.geom, s.geom)
                    OR EXISTS (SELECT FROM unnest(a.regions) code
                               WHERE starts_with(s.region, regexp_replace(code, '(00)+$', '')) OR s.region = left(code, 6) || '000000')))
AND    NOT EXISTS (SELECT FROM target t WHERE t.warning_id = w.id AND t.site_id = s.id AND t.until_revision IS NULL)
AND    NOT EXISTS (SELECT FROM warning_choice c WHERE c.warning_id = w.id AND c.site_id = s.id AND c.act = 'drop') `

func enteredBy(ctx context.Context, q querier, vessel uuid.UUID) ([]Entered, error) {
	return collect[Entered](ctx, q, "SELECT w.id AS warning_id, w.title, w.level, w.mode "+enteredSQL+"AND s.id = $1 ORDER BY w.published_at, w.id", vessel)
}

// tellBoards says in the change log that the boards of those warnings differ which
// a vessel has entered or left.
func tellBoards(ctx context.Context, tx pgx.Tx, before, after []Entered, at time.Time) error {
	for _, pair := range [][2][]Entered{{before, after}, {after, before}} {
		for _, e := range pair[0] {
			if slices.Contains(pair[1], e) {
				continue
			}
			if err := announceWarning(ctx, tx, e.WarningID, at); err != nil {
				return err
			}
		}
	}
	return nil
}

// Entered are the warnings in force in whose area a vessel of the scope lies though
// it is none of their targets.
func (db *DB) Entered(ctx context.Context, scope account.Scope, vessel uuid.UUID) ([]Entered, error) {
	if _, err := siteWhere(ctx, db.pool, scope, vessel); err != nil {
		return nil, err
	}
	return enteredBy(ctx, db.pool, vessel)
}

// EnteredVessels are the vessels of the scope that have come into the area of a
// warning in force and are none of its targets, the last to come first.
func (db *DB) EnteredVessels(ctx context.Context, scope account.Scope, warning uuid.UUID, at time.Time) ([]EnteredVessel, error) {
	args := pgx.NamedArgs{"warning": warning, "at": at}
	return collect[EnteredVessel](ctx, db.pool, `
		SELECT v.id AS site_id, v.name, c.name AS section_name, v.valid_from AS since, here.certain, here.possible
		FROM  (SELECT s.id, s.name, s.section_id, s.valid_from `+enteredSQL+"AND w.id = @warning AND "+scopeSQL(scope, "s", args)+`) v
		JOIN   section c ON c.id = v.section_id,
		LATERAL (SELECT count(*) FILTER (WHERE p.fresh_until > @at) AS certain, count(*) FILTER (WHERE p.fresh_until <= @at) AS possible
		         FROM presence p WHERE p.site_id = v.id AND p.inside) here
		ORDER  BY v.valid_from DESC, v.id LIMIT 200`, args)
}

// vesselsSQL: what entered an exercise's area rings nobody.
const vesselsSQL = "SELECT w.id, w.title, w.level, s.id, s.name " + enteredSQL + "AND w.mode = 'actual' ORDER BY w.id, s.id LIMIT 1000"
