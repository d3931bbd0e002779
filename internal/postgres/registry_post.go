package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
)

// PostRow is a post (岗位) at a unit with who holds it.
type PostRow struct {
	Tie
	PersonName  string
	PhoneSealed *string
}

// mostPosts is how many posts of one unit are shown; workers are not among them.
const mostPosts = 200

// PostsOf lists who answers for one unit of the scope: posts that hold at an
// instant or will; with over also those that have ended. Workers are not among them.
func (db *DB) PostsOf(ctx context.Context, scope account.Scope, kind string, unit uuid.UUID, over bool, at time.Time) ([]PostRow, error) {
	args := pgx.NamedArgs{"kind": kind, "unit": unit, "over": over, "at": at, "most": mostPosts}
	return collect[PostRow](ctx, db.pool, "SELECT "+tieColumns+", h.name AS person_name, h.phone_sealed"+tiesFrom+` JOIN person h ON h.id = x.person_id
		WHERE  x.kind = 'post' AND x.unit_kind = @kind AND x.unit_id = @unit AND x.role <> 'worker'
		AND    (@over OR x.valid_until IS NULL OR x.valid_until > @at)
		AND    `+scopeColumns(scope, args, "x.region", "x.project_id", "x.section_id", "x.site_id")+`
		ORDER  BY x.valid_until IS NOT NULL AND x.valid_until <= @at, x.role, x.seat, x.valid_from LIMIT @most`, args)
}
