package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/warning"
)

// Publication is who publishes, for which authority and with what second look.
type Publication struct {
	Office        uuid.UUID // the authority in whose name
	Leader        bool      // the publisher leads the duty and needs no second look
	Authorisation string    // 口头授权: who agreed by word of mouth, when the publisher is no leader
	Unreviewed    bool      // 先发后审: the second look was asked for and has not come in time
	By            Actor
	Once          Once
}

// Publish makes a draft active: it is matched anew, its targets, their people
// and their measures are frozen, all in one transaction or not at all. The
// version is compared and set, so two officers cannot both publish. A draft
// that revises a warning in force becomes that warning's next revision.
//
// The lock on the warning is what keeps two of them apart. A snapshot would not
// do: everybody who answers meanwhile writes rows that this transaction writes
// as well (the log of changes, notices that it replaces), and a large warning
// would lose that race for ever.
func (db *DB) Publish(ctx context.Context, scope account.Scope, id uuid.UUID, version int, p Publication, at time.Time) (uuid.UUID, error) {
	var published uuid.UUID
	err := db.inWideTx(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		var err error
		published, err = once(ctx, tx, p.Once, at, func() (uuid.UUID, error) { return publishLocked(ctx, tx, scope, id, version, p, at) })
		return err
	})
	return published, err
}

func publishLocked(ctx context.Context, tx pgx.Tx, scope account.Scope, id uuid.UUID, version int, p Publication, at time.Time) (uuid.UUID, error) {
	w, err := lockWarning(ctx, tx, scope, id, version, "draft")
	if err != nil {
		return uuid.Nil, err
	}
	if err := notOnHold(ctx, tx, id, at); err != nil {
		return uuid.Nil, err
	}
	if err := secondLook(ctx, tx, w, w.Level, &p, at); err != nil {
		return uuid.Nil, err
	}
	c, err := contentOf(ctx, tx, id)
	if err != nil {
		return uuid.Nil, err
	}
	if w.Intent != "lift" && len(c.Areas) == 0 {
		return uuid.Nil, errs.New(errs.Fix, "area_missing", "这份草稿没有区域：请先在地图上画出，或选行政区划")
	}
	if err := namesSettled(ctx, tx, w); err != nil {
		return uuid.Nil, err
	}
	if !c.Expires.After(at) {
		return uuid.Nil, errs.New(errs.Gone, "expired", "这条预警的截止时间已过，请先修改")
	}
	return publishDraft(ctx, tx, w, c, p, at)
}

func publishDraft(ctx context.Context, tx pgx.Tx, w locked, c Content, p Publication, at time.Time) (uuid.UUID, error) {
	switch w.Intent {
	case "lift":
		return liftByDraft(ctx, tx, w, p, at)
	case "revise":
		return reviseByDraft(ctx, tx, w, c, p, at)
	}
	_, err := tx.Exec(ctx, `
		UPDATE warning SET state = 'active', version = version + 1, revision = 1, authority_id = $2, published_at = $3 WHERE id = $1`,
		w.ID, p.Office, at)
	if err != nil {
		return w.ID, err
	}
	w.AuthorityID, w.Revision = p.Office, 1
	return w.ID, settle(ctx, tx, w, c, p, "publish", at)
}

// Revise replaces the content of a warning in force and writes only the
// differences: who is new, who must do something else, who is let go.
func (db *DB) Revise(ctx context.Context, scope account.Scope, id uuid.UUID, version int, c Content, p Publication, at time.Time) error {
	if err := c.Validate(at); err != nil {
		return err
	}
	return db.inWideTx(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		_, err := once(ctx, tx, p.Once, at, func() (uuid.UUID, error) {
			w, err := lockWarning(ctx, tx, scope, id, version, "active")
			if err != nil {
				return id, err
			}
			if err := ownOffice(w, p); err != nil {
				return id, err
			}
			if err := secondLook(ctx, tx, w, c.Level, &p, at); err != nil {
				return id, err
			}
			c.Mode = w.Mode
			return id, revise(ctx, tx, w, c, p, at)
		})
		return err
	})
}

func ownOffice(w locked, p Publication) error {
	if w.AuthorityID != p.Office {
		return errs.New(errs.Forbidden, "not_ours", "只有发布单位可以更新自己的预警")
	}
	return nil
}

func revise(ctx context.Context, tx pgx.Tx, w locked, c Content, p Publication, at time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE warning SET version = version + 1, revision = revision + 1, hazard = $2, level = $3, title = $4, note = $5, onset = $6, expires = $7
		WHERE  id = $1`, w.ID, c.Hazard, c.Level, c.Title, c.Note, c.Onset, c.Expires)
	if err != nil {
		return err
	}
	w.Revision++
	return settle(ctx, tx, w, c, p, "revise", at)
}

// reviseByDraft applies a draft (from a feed's update) to the warning it
// follows and puts the draft away.
func reviseByDraft(ctx context.Context, tx pgx.Tx, d locked, c Content, p Publication, at time.Time) (uuid.UUID, error) {
	w, err := followed(ctx, tx, d)
	if err != nil {
		return d.ID, err
	}
	if err := ownOffice(w, p); err != nil {
		return d.ID, err
	}
	if err := revise(ctx, tx, w, c, p, at); err != nil {
		return d.ID, err
	}
	if _, err := tx.Exec(ctx, "UPDATE warning SET message_id = (SELECT message_id FROM warning WHERE id = $2) WHERE id = $1", w.ID, d.ID); err != nil {
		return d.ID, err
	}
	return w.ID, discard(ctx, tx, d.ID, Reason{"applied", "已并入生效中的预警"}, p.By, at)
}

func followed(ctx context.Context, tx pgx.Tx, d locked) (locked, error) {
	w, err := one[locked](ctx, tx, `
		SELECT id, mode, state, version, revision, authority_id, follows_id, intent, level FROM warning WHERE id = $1 FOR UPDATE`, d.FollowsID)
	if err != nil {
		return w, err
	}
	if w.State != "active" && (d.Intent != "lift" || w.State != "expired") {
		return w, errs.New(errs.Gone, "closed", "所跟随的预警已不再生效（%s）", stateLabel(w.State))
	}
	return w, nil
}

// settle writes revision number w.Revision: its areas, its targets by
// difference, the record of it.
func settle(ctx context.Context, tx pgx.Tx, w locked, c Content, p Publication, act string, at time.Time) error {
	scope, err := authorityScope(ctx, tx, w.AuthorityID, at)
	if err != nil {
		return err
	}
	pre, err := preview(ctx, tx, scope, w.AuthorityID, &w.ID, c, at)
	if err != nil {
		return err
	}
	_, policyID, err := policyFor(ctx, tx, w.AuthorityID, at)
	if err != nil {
		return err
	}
	_, rulesID, err := rulesFor(ctx, tx, w.AuthorityID, at)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO revision (warning_id, mode, number, at, published_by, level, title, note, expires, policy_id, rules_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		w.ID, w.Mode, w.Revision, at, nilID(p.By.ID), c.Level, c.Title, c.Note, c.Expires, policyID, rulesID)
	if err != nil {
		return err
	}
	if err := writeContent(ctx, tx, w.ID, w.Mode, w.Revision, c, p.By, at); err != nil {
		return err
	}
	diff, err := writeTargets(ctx, tx, w, pre, at)
	if err != nil {
		return err
	}
	if err := respond(ctx, tx, w, pre, diff, at); err != nil {
		return err
	}
	return recordSettled(ctx, tx, w, pre, diff, p, act, at)
}

func recordSettled(ctx context.Context, tx pgx.Tx, w locked, pre Preview, d warning.Difference[uuid.UUID], p Publication, act string, at time.Time) error {
	reasons := []Reason{{act, p.By.Name}}
	if p.Authorisation != "" {
		reasons = append(reasons, Reason{"authorisation", p.Authorisation})
	}
	for _, t := range pre.Dropped {
		reasons = append(reasons, Reason{"dropped:" + t.SiteID.String(), t.Why[len(t.Why)-1]})
	}
	if err := decide(ctx, tx, "warning", w.ID, act, reasons, p.By.Name, at); err != nil {
		return err
	}
	if err := audit(ctx, tx, p.By, act, "warning", w.ID.String(), map[string]any{
		"revision": w.Revision, "added": len(d.Added), "stays": len(d.Stays), "changed": len(d.Changed), "released": len(d.Released)}, at); err != nil {
		return err
	}
	return announceWarning(ctx, tx, w.ID, at)
}

// contentOf reads a draft back.
func contentOf(ctx context.Context, q querier, id uuid.UUID) (Content, error) {
	var c Content
	err := q.QueryRow(ctx, `
		SELECT kind, mode, hazard, level, title, issuer, issued_at, basis, note, onset, expires FROM warning WHERE id = $1`, id).
		Scan(&c.Kind, &c.Mode, &c.Hazard, &c.Level, &c.Title, &c.Issuer, &c.IssuedAt, &c.Basis, &c.Note, &c.Onset, &c.Expires)
	if err != nil {
		return c, kindOf(err)
	}
	areas, err := areasOf(ctx, q, id, 0)
	if err != nil {
		return c, err
	}
	c.Areas = column(areas, AreaRow.area)
	c.Choices, err = choicesOf(ctx, q, id)
	return c, err
}
