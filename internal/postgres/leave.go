package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
)

// Leave (请假/离场): somebody who belongs to a site is not expected there.
type Leave struct {
	ID         uuid.UUID
	PersonID   uuid.UUID
	SiteID     *uuid.UUID // nil: not expected anywhere
	From       time.Time
	Until      *time.Time
	Words      string
	RecordedAt time.Time
}

// SiteLeave is a leave of somebody who belongs to a site, or is there.
type SiteLeave struct {
	Leave
	Name        string
	PhoneSealed *string
	Present     bool // in spite of it
}

// atSiteSQL: the person of a row under this alias belongs to the site @site (bed,
// shift, post) or was seen there last.
func atSiteSQL(row string) string {
	who := row + ".person_id"
	return "(EXISTS (SELECT FROM bed b WHERE b.person_id = " + who + " AND b.site_id = @site AND (b.valid_until IS NULL OR b.valid_until > @at)) OR " +
		"EXISTS (SELECT FROM shift w WHERE w.person_id = " + who + " AND w.site_id = @site AND w.valid_until > @at) OR " +
		"EXISTS (SELECT FROM post o WHERE o.person_id = " + who + " AND o.unit_kind = 'site' AND o.unit_id = @site AND " + holdsSQL("o") + ") OR " +
		"EXISTS (SELECT FROM presence p WHERE p.person_id = " + who + " AND p.site_id = @site))"
}

// GiveLeave writes a leave down, through a site of the scope to which the person
// belongs. The same request again is the same leave.
func (db *DB) GiveLeave(ctx context.Context, scope account.Scope, site uuid.UUID, l Leave, by Actor, o Once, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		where, err := openSite(ctx, tx, scope, site)
		if err != nil {
			return err
		}
		var here bool
		err = tx.QueryRow(ctx, "SELECT "+atSiteSQL("x")+" FROM (SELECT @person::uuid AS person_id) x",
			pgx.NamedArgs{"site": site, "person": l.PersonID, "at": at}).Scan(&here)
		if err != nil {
			return err
		}
		if !here {
			return errs.New(errs.NotFound, "not_here", "这个点位没有这个人").
				With(errs.Detail{Where: "person_id", Text: "他在这里没有住宿、班次或岗位，也没有打过卡", Mend: "请先登记住宿或岗位"})
		}
		_, err = once(ctx, tx, o, at, func() (uuid.UUID, error) {
			_, err := tx.Exec(ctx, `
				INSERT INTO leave (id, person_id, site_id, valid_from, valid_until, words, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
				l.ID, l.PersonID, l.SiteID, l.From, l.Until, l.Words, at)
			if err != nil {
				return l.ID, err
			}
			return l.ID, leaveTold(ctx, tx, "leave", site, l, where, by, at)
		})
		return err
	})
}

// leaveTold writes the audit line of a leave and announces its site.
func leaveTold(ctx context.Context, tx pgx.Tx, act string, site uuid.UUID, l Leave, where place, by Actor, at time.Time) error {
	detail := map[string]any{"leave": l.ID, "person": l.PersonID, "from": l.From, "until": l.Until}
	if err := audit(ctx, tx, by, act, "site", site.String(), detail, at); err != nil {
		return err
	}
	return announce(ctx, tx, "site", site, where, at)
}

// openSite says where an open site of the scope lies, for the change log.
func openSite(ctx context.Context, q querier, scope account.Scope, site uuid.UUID) (where place, err error) {
	return findSite(ctx, q, scope, site, "AND s.closed_at IS NULL")
}

// siteWhere is openSite for what is only read: a closed site has its history.
func siteWhere(ctx context.Context, q querier, scope account.Scope, site uuid.UUID) (where place, err error) {
	return findSite(ctx, q, scope, site, "")
}

func findSite(ctx context.Context, q querier, scope account.Scope, site uuid.UUID, only string) (where place, err error) {
	args := pgx.NamedArgs{"site": site}
	err = q.QueryRow(ctx, "SELECT s.region, s.project_id, s.section_id FROM site s WHERE s.id = @site "+only+" AND "+scopeSQL(scope, "s", args), args).
		Scan(&where.region, &where.project, &where.section)
	if err != nil {
		return where, notFoundAs(kindOf(err), "点位")
	}
	return where, nil
}

// EndLeave ends a leave of somebody who belongs to a site of the scope: he is
// back, or it was a mistake. One that has not begun never holds. Ending it again
// changes nothing.
func (db *DB) EndLeave(ctx context.Context, scope account.Scope, site, leave uuid.UUID, by Actor, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		where, err := openSite(ctx, tx, scope, site)
		if err != nil {
			return err
		}
		l, err := one[Leave](ctx, tx, `
			SELECT l.id, l.person_id, l.site_id, l.valid_from AS "from", l.valid_until AS until, l.words, l.recorded_at FROM leave l
			WHERE  l.id = @leave AND (l.site_id = @site OR l.site_id IS NULL AND `+atSiteSQL("l")+`) FOR UPDATE OF l`,
			pgx.NamedArgs{"site": site, "leave": leave, "at": at})
		if err != nil {
			return notFoundAs(err, "请假")
		}
		if l.Until != nil && !l.Until.After(at) {
			return nil
		}
		_, err = tx.Exec(ctx, "UPDATE leave SET valid_until = greatest($2, valid_from + interval '1 microsecond'), recorded_at = $2 WHERE id = $1", leave, at)
		if err != nil {
			return err
		}
		return leaveTold(ctx, tx, "end_leave", site, l, where, by, at)
	})
}

// Leaves are the leaves from a site of the scope that have not ended at an
// instant, soonest first.
func (db *DB) Leaves(ctx context.Context, scope account.Scope, site uuid.UUID, at time.Time) ([]SiteLeave, account.Place, error) {
	where, err := siteWhere(ctx, db.pool, scope, site)
	if err != nil {
		return nil, account.Place{}, err
	}
	list, err := collect[SiteLeave](ctx, db.pool, `
		SELECT l.id, l.person_id, l.site_id, l.valid_from AS "from", l.valid_until AS until, l.words, l.recorded_at,
		       p.name, p.phone_sealed,
		       EXISTS (SELECT FROM presence x WHERE x.person_id = l.person_id AND x.site_id = @site AND x.inside) AS present
		FROM   leave l JOIN person p ON p.id = l.person_id
		WHERE  (l.valid_until IS NULL OR l.valid_until > @at) AND (l.site_id = @site OR l.site_id IS NULL AND `+atSiteSQL("l")+`)
		ORDER  BY l.valid_from, l.id`, pgx.NamedArgs{"site": site, "at": at})
	return list, account.Place{Region: where.region, Project: where.project, Section: where.section, SiteID: site}, err
}
