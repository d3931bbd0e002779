package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
)

// EveningCount is what somebody at a site said in the evening (每日报数). Day is a
// civil day of Asia/Shanghai, at midnight UTC.
type EveningCount struct {
	ID         uuid.UUID
	SiteID     uuid.UUID
	Day        time.Time
	People     int // who sleep here tonight
	Away       int // who belong here and sleep elsewhere
	Visitors   int
	Words      string
	CountedAt  time.Time
	CountedBy  uuid.UUID
	RecordedAt time.Time
}

// CountEvening writes a count down. A correction is a new row; the same request
// again is the same row.
func (db *DB) CountEvening(ctx context.Context, scope account.Scope, e EveningCount, by Actor, o Once, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		where, err := openSite(ctx, tx, scope, e.SiteID)
		if err != nil {
			return err
		}
		_, err = once(ctx, tx, o, at, func() (uuid.UUID, error) {
			_, err := tx.Exec(ctx, `
				INSERT INTO evening_count (id, site_id, day, people, away, visitors, words, counted_at, counted_by, recorded_at)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
				e.ID, e.SiteID, e.Day, e.People, e.Away, e.Visitors, e.Words, e.CountedAt, by.ID, at)
			if err != nil {
				return e.ID, err
			}
			return e.ID, announce(ctx, tx, "site", e.SiteID, where, at)
		})
		return err
	})
}

// EveningCounts are the counts of a site on a day, the one that holds first, what
// it corrected after it.
func (db *DB) EveningCounts(ctx context.Context, scope account.Scope, site uuid.UUID, day time.Time) ([]EveningCount, error) {
	args := pgx.NamedArgs{"site": site, "day": day}
	return collect[EveningCount](ctx, db.pool, `
		SELECT e.id, e.site_id, e.day, e.people, e.away, e.visitors, e.words, e.counted_at, e.counted_by, e.recorded_at
		FROM   evening_count e JOIN site s ON s.id = e.site_id
		WHERE  e.site_id = @site AND e.day = @day AND `+scopeSQL(scope, "s", args)+`
		ORDER  BY e.recorded_at DESC, e.id DESC`, args)
}

// EveningOfSite is what holds of a day at one residence; nothing was said where
// RecordedAt is nil.
type EveningOfSite struct {
	Project    string
	Section    string
	Site       string
	Region     string
	People     *int
	Away       *int
	Visitors   *int
	Words      string
	CountedAt  *time.Time
	RecordedAt *time.Time
}

// EveningOfDay reads the counts of a day that hold at the residences of a scope,
// those who have said nothing first, at most limit.
func (db *DB) EveningOfDay(ctx context.Context, scope account.Scope, day time.Time, limit int) ([]EveningOfSite, error) {
	args := pgx.NamedArgs{"day": day, "limit": limit}
	return collect[EveningOfSite](ctx, db.pool, `
		SELECT p.name AS project, c.name AS section, s.name AS site, r.name AS region, e.people, e.away, e.visitors, coalesce(e.words, '') AS words,
		       e.counted_at, e.recorded_at
		FROM   site s JOIN section c ON c.id = s.section_id JOIN project p ON p.id = s.project_id JOIN region r ON r.code = s.region
		LEFT   JOIN LATERAL (SELECT * FROM evening_count n WHERE n.site_id = s.id AND n.day = @day ORDER BY n.recorded_at DESC, n.id DESC LIMIT 1) e ON true
		WHERE  s.closed_at IS NULL AND (s.sleeps OR e.id IS NOT NULL) AND `+scopeSQL(scope, "s", args)+`
		ORDER  BY e.id IS NOT NULL, p.name, s.name, s.id LIMIT @limit`, args)
}
