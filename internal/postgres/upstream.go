package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/errs"
)

// Upstream is a platform above (上级实名制平台) that is told what a project received:
// how it is spoken to, how far it has been told, and how it is.
type Upstream struct {
	ID           uuid.UUID
	Name         string
	ProjectID    uuid.UUID
	ProjectName  string
	OurCode      string // of the project
	ProjectCode  string // as the platform calls it
	URL          string
	AppID        string
	SecretSealed string
	FromAt       time.Time
	UntilAt      time.Time
	DisabledAt   *time.Time
	Forwarded    int64
	NoWay        int64
	NoTeam       int64
	HeardAt      *time.Time
	Failures     int
	FailingSince *time.Time
	NextAt       *time.Time
	Fault        string
}

const upstreamSQL = `
	SELECT u.id, u.name, u.project_id, p.name AS project_name, p.code AS our_code, u.project_code, u.url, u.app_id, u.secret_sealed, u.from_at, u.until_at,
	       u.disabled_at, u.forwarded, u.no_way, u.no_team, u.heard_at, u.failures, u.failing_since, u.next_at, u.fault
	FROM   upstream u JOIN project p ON p.id = u.project_id `

// Upstreams lists the platforms above by name.
func (db *DB) Upstreams(ctx context.Context) ([]Upstream, error) {
	return collect[Upstream](ctx, db.pool, upstreamSQL+"ORDER BY u.name")
}

// UpstreamNamed finds a platform by its name; errs.NotFound when there is none.
func (db *DB) UpstreamNamed(ctx context.Context, name string) (Upstream, error) {
	u, err := one[Upstream](ctx, db.pool, upstreamSQL+"WHERE u.name = $1", name)
	return u, notFoundAs(err, "上级平台")
}

// PutUpstream sets a platform up, or sets one of that id up anew and in use again.
// u.FromAt is the receipt from which passes are forwarded: zero is now for a new
// one, and as it was for another. An earlier one has them forwarded again, which the
// platform counts once.
func (db *DB) PutUpstream(ctx context.Context, u Upstream, by Actor, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			INSERT INTO upstream AS u (id, name, project_id, project_code, url, app_id, secret_sealed, from_at, until_at, recorded_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $8)
			ON CONFLICT (id) DO UPDATE SET project_code = excluded.project_code, url = excluded.url, app_id = excluded.app_id, secret_sealed = excluded.secret_sealed,
			    disabled_at = NULL, recorded_at = excluded.recorded_at, failures = 0, failing_since = NULL, next_at = NULL, fault = ''
			WHERE u.project_id = excluded.project_id`, u.ID, u.Name, u.ProjectID, u.ProjectCode, u.URL, u.AppID, u.SecretSealed, at)
		if err == nil && tag.RowsAffected() == 0 {
			return errs.New(errs.Conflict, "upstream_project", "“%s”已用于另一个项目，请换一个名称", u.Name)
		}
		if err == nil && !u.FromAt.IsZero() {
			err = rewindUpstream(ctx, tx, u.ID, u.FromAt)
		}
		if err != nil {
			return err
		}
		return audit(ctx, tx, by, "put_upstream", "upstream", u.ID.String(), map[string]any{"project": u.ProjectID}, at)
	})
}

// rewindUpstream forgets the passes that will be taken in again.
func rewindUpstream(ctx context.Context, tx pgx.Tx, id uuid.UUID, from time.Time) error {
	if _, err := tx.Exec(ctx, "DELETE FROM upstream_item WHERE upstream_id = $1 AND stage = 4 AND received_at >= $2", id, from); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "UPDATE upstream SET from_at = $2, until_at = $2, no_way = 0, no_team = 0 WHERE id = $1", id, from)
	return err
}

// DisableUpstream takes a platform out of use; PutUpstream goes on where it stopped.
func (db *DB) DisableUpstream(ctx context.Context, id uuid.UUID, by Actor, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE upstream SET disabled_at = $2 WHERE id = $1 AND disabled_at IS NULL", id, at); err != nil {
			return err
		}
		return audit(ctx, tx, by, "disable_upstream", "upstream", id.String(), nil, at)
	})
}

// RetryUpstream has what was refused sent again, and the platform asked at once.
func (db *DB) RetryUpstream(ctx context.Context, id uuid.UUID, by Actor, at time.Time) (items int64, err error) {
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			UPDATE upstream_item SET state = 'waiting', alone = false, tries = 0, words = '' WHERE upstream_id = $1 AND state = 'refused'`, id)
		if err != nil {
			return err
		}
		items = tag.RowsAffected()
		if _, err = tx.Exec(ctx, "UPDATE upstream SET next_at = NULL WHERE id = $1", id); err != nil {
			return err
		}
		return audit(ctx, tx, by, "retry_upstream", "upstream", id.String(), map[string]any{"items": items}, at)
	})
	return items, err
}

// onUpstream does one thing for a platform that may be asked now, with its row
// locked: of all replicas one does, the others go home.
func (db *DB) onUpstream(ctx context.Context, id uuid.UUID, at time.Time, do func(pgx.Tx, Upstream) error) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		u, err := one[Upstream](ctx, tx, upstreamSQL+`
			WHERE u.id = $1 AND u.disabled_at IS NULL AND (u.next_at IS NULL OR u.next_at <= $2) FOR UPDATE OF u SKIP LOCKED`, id, at)
		switch {
		case errs.Is(err, errs.NotFound):
			return nil
		case err != nil:
			return err
		}
		return do(tx, u)
	})
}
