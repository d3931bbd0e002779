package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/geo"
	"muster/internal/response"
)

// Photo is a picture that is to prove what was reported about a site. It has no name:
// a phone's names say nothing.
type Photo struct {
	File
	ResponseID uuid.UUID
	Origin     []byte // SHA-256 of what the phone made it from; nil: not said
	TakenAt    time.Time
	DistanceM  *int // of the phone from the site; nil: it did not say where it was
	AccuracyM  *int
	Faults     []response.PhotoFault
	TakenBy    uuid.UUID
	TakerTitle string
}

// AddPhoto writes down a photo whose bytes are stored, with what speaks against it;
// one that is there already stays as it is. places is where the phone may have been.
// A report that was made before it came is doubted by its faults too.
func (db *DB) AddPhoto(ctx context.Context, scope account.Scope, p Photo, places []geo.LonLat, by Actor, at time.Time) (Photo, error) {
	var kept Photo
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		threads, err := lockThreads(ctx, tx, []uuid.UUID{p.ResponseID})
		if err != nil {
			return err
		}
		if len(threads) == 0 || !scope.Holds(threads[0].place()) {
			return notFound("处置记录")
		}
		t := &threads[0]
		if err := p.judge(ctx, tx, t, places, at); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `
			INSERT INTO photo (id, response_id, content_type, size, sha256, origin, object_key, taken_at, distance_m, accuracy_m, faults, taken_by, recorded_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (id) DO NOTHING`,
			p.ID, p.ResponseID, p.ContentType, p.Size, p.SHA256, p.Origin, p.ObjectKey, p.TakenAt, p.DistanceM, p.AccuracyM, p.Faults, p.TakenBy, at)
		if err != nil {
			return err
		}
		if tag.RowsAffected() > 0 {
			if err := p.arrived(ctx, tx, t, by, at); err != nil {
				return err
			}
		}
		kept, err = one[Photo](ctx, tx, photoSQL+"o.id = $1", p.ID)
		return err
	})
	return kept, err
}

// judge finds out what speaks against the photo. Of two that bring the same picture
// at once one waits for the other.
func (p *Photo) judge(ctx context.Context, tx pgx.Tx, t *thread, places []geo.LonLat, at time.Time) error {
	b, err := briefFor(ctx, tx, *t, at)
	if err != nil {
		return err
	}
	same := p.SHA256
	if p.Origin != nil {
		same = p.Origin
	}
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtextextended(encode($1, 'hex'), 0))", same); err != nil {
		return err
	}
	facts := response.PhotoFacts{TakenAt: p.TakenAt, Opened: t.OpenedAt}
	if p.AccuracyM != nil {
		facts.Accuracy = *p.AccuracyM
	}
	lon, lat := degrees(places)
	err = tx.QueryRow(ctx, `
		SELECT round(site_distance_m($1, $2, $3, $4))::int, EXISTS (SELECT FROM photo WHERE id <> $5 AND (sha256 = $6 OR origin = $7))`,
		t.SiteID, p.TakenAt, lon, lat, p.ID, p.SHA256, p.Origin).Scan(&facts.Distance, &facts.Seen)
	p.DistanceM, p.Faults = facts.Distance, b.rules.PhotoFaults(facts)
	return err
}

// arrived lets the photo speak against a report that is there already.
func (p Photo) arrived(ctx context.Context, tx pgx.Tx, t *thread, by Actor, at time.Time) error {
	waits := t.State == response.Reported || t.State == response.CarriedOut || t.State == response.Confirmed
	if len(p.Faults) > 0 && waits {
		if _, err := tx.Exec(ctx, `
			UPDATE response SET doubts = ARRAY(SELECT DISTINCT unnest(doubts || 'photo_reused'::text) ORDER BY 1), drawn = true, version = version + 1
			WHERE  id = $1`, t.ID); err != nil {
			return err
		}
		t.Drawn = true
		if err := t.nextClock(ctx, tx, at); err != nil {
			return err
		}
	}
	if err := audit(ctx, tx, by, "add_photo", "response", t.ID.String(), map[string]any{"photo": p.ID, "faults": p.Faults}, at); err != nil {
		return err
	}
	return announceThreads(ctx, tx, []thread{*t}, at)
}

const photoSQL = `
	SELECT o.id, '' AS file_name, o.content_type, o.size, o.sha256, o.object_key, o.recorded_at AS uploaded_at, o.response_id, o.origin, o.taken_at,
	       o.distance_m, o.accuracy_m, o.faults, o.taken_by, u.title AS taker_title
	FROM   photo o JOIN app_user u ON u.id = o.taken_by JOIN response r ON r.id = o.response_id WHERE `

// Photos are the photos about a thread, the first taken first. Who asks has been
// shown the thread by ResponseByID.
func (db *DB) Photos(ctx context.Context, thread uuid.UUID) ([]Photo, error) {
	return collect[Photo](ctx, db.pool, photoSQL+"o.response_id = $1 ORDER BY o.taken_at, o.id", thread)
}

// PhotoByID reads one photo about a thread of the scope.
func (db *DB) PhotoByID(ctx context.Context, scope account.Scope, id uuid.UUID) (Photo, error) {
	args := pgx.NamedArgs{"id": id}
	p, err := one[Photo](ctx, db.pool, photoSQL+"o.id = @id AND "+scopeColumns(scope, args, "r.region", "r.project_id", "r.section_id", "r.site_id"), args)
	return p, notFoundAs(err, "照片")
}
