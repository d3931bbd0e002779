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

// Merge (并入) turns a draft into a proposal to revise a warning in force: about
// the same hazard, of the same authority. Nothing that is warned of is lost by it:
// the areas of both, the higher level, the later end. What the source sends later
// about either belongs to the same episode from now on.
func (db *DB) Merge(ctx context.Context, scope account.Scope, id, into uuid.UUID, version int, by Actor, o Once, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		_, err := once(ctx, tx, o, at, func() (uuid.UUID, error) {
			d, err := lockWarning(ctx, tx, scope, id, version, "draft")
			if err != nil {
				return id, err
			}
			if err := editing(ctx, tx, id, by, at); err != nil {
				return id, err
			}
			w, err := mergeInto(ctx, tx, scope, d, into)
			if err != nil {
				return id, err
			}
			if err := follow(ctx, tx, d, w, by, at); err != nil {
				return id, err
			}
			if err := decide(ctx, tx, "warning", id, "merged", []Reason{{"merged", "并入生效中的预警"}}, by.Name, at); err != nil {
				return id, err
			}
			if err := audit(ctx, tx, by, "merge", "warning", id.String(), map[string]any{"into": into}, at); err != nil {
				return id, err
			}
			return id, announceWarning(ctx, tx, id, at)
		})
		return err
	})
}

// merging is a warning in force that a draft is to be merged into.
type merging struct {
	ID          uuid.UUID
	Mode        string
	State       string
	Hazard      warning.Hazard
	AuthorityID uuid.UUID
	EpisodeID   *uuid.UUID
	Revision    int
	Waiting     *uuid.UUID // a draft that follows it already
}

func mergeInto(ctx context.Context, tx pgx.Tx, scope account.Scope, d locked, into uuid.UUID) (merging, error) {
	args := pgx.NamedArgs{"id": into, "draft": d.ID}
	w, err := one[merging](ctx, tx, `
		SELECT w.id, w.mode, w.state, w.hazard, w.authority_id, w.episode_id, w.revision,
		       (SELECT o.id FROM warning o WHERE o.follows_id = w.id AND o.state = 'draft') AS waiting
		FROM   warning w JOIN authority a ON a.id = w.authority_id WHERE w.id = @id AND `+authoritiesOf(scope, args)+" FOR UPDATE OF w", args)
	if err != nil {
		return w, notFoundAs(err, "预警")
	}
	var hazard warning.Hazard
	if err := tx.QueryRow(ctx, "SELECT hazard FROM warning WHERE id = $1", d.ID).Scan(&hazard); err != nil {
		return w, err
	}
	fix := func(code, text string) error { return errs.New(errs.Fix, code, "%s", text) }
	switch {
	case d.Intent != "publish":
		return w, fix("merge_follower", "这份草稿已经是对另一条预警的更新或解除")
	case w.State != "active":
		return w, fix("merge_closed", "只能并入生效中的预警")
	case w.Mode != d.Mode:
		return w, fix("merge_mode", "演练和实战不能合并")
	case w.Hazard != hazard:
		return w, fix("merge_hazard", "灾种不同，不能合并："+hazard.Label()+"、"+w.Hazard.Label())
	case w.AuthorityID != d.AuthorityID:
		return w, fix("merge_authority", "只能并入本单位发布的预警")
	case w.Waiting != nil:
		return w, errs.New(errs.Conflict, "has_follower", "这条预警已有一份待处理的更新，请先处理那一份")
	}
	return w, nil
}

// follow writes the draft as the proposal that it becomes.
func follow(ctx context.Context, tx pgx.Tx, d locked, w merging, by Actor, at time.Time) error {
	more, err := contentOf(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	base, err := contentInForce(ctx, tx, w.ID, w.Revision)
	if err != nil {
		return err
	}
	c := merged(base, more)
	var episode *uuid.UUID
	if err := tx.QueryRow(ctx, "SELECT episode_id FROM warning WHERE id = $1", d.ID).Scan(&episode); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `
		UPDATE warning SET version = version + 1, follows_id = $2, intent = 'revise', level = $3, title = $4, onset = $5, expires = $6 WHERE id = $1`,
		d.ID, w.ID, c.Level, c.Title, c.Onset, c.Expires); err != nil {
		return err
	}
	if err := writeContent(ctx, tx, d.ID, d.Mode, 0, c, by, at); err != nil {
		return err
	}
	switch {
	case episode == nil:
		return nil
	case w.EpisodeID == nil:
		_, err := tx.Exec(ctx, "UPDATE warning SET episode_id = $2 WHERE id = $1", w.ID, episode)
		return err
	case *w.EpisodeID == *episode:
		return nil
	}
	return mergeEpisodes(ctx, tx, *w.EpisodeID, []string{episode.String()})
}

// contentInForce reads a warning with the areas of its revision.
func contentInForce(ctx context.Context, q querier, id uuid.UUID, revision int) (Content, error) {
	c, err := contentOf(ctx, q, id)
	if err != nil {
		return c, err
	}
	areas, err := areasOf(ctx, q, id, revision)
	c.Areas = column(areas, AreaRow.area)
	return c, err
}

// merged is what two warnings say together. Each area keeps its level; what an
// officer chose for a site in the newer one holds.
func merged(base, more Content) Content {
	c := base
	if more.Level.Rank() > base.Level.Rank() {
		c.Level, c.Title = more.Level, more.Title
	}
	if more.Expires.After(c.Expires) {
		c.Expires = more.Expires
	}
	if c.Onset != nil && (more.Onset == nil || more.Onset.Before(*c.Onset)) {
		c.Onset = more.Onset
	}
	c.Areas = append(append([]Area(nil), base.Areas...), more.Areas...)
	chosen := map[uuid.UUID]bool{}
	c.Choices = append([]Choice(nil), more.Choices...)
	for _, ch := range more.Choices {
		chosen[ch.SiteID] = true
	}
	for _, ch := range base.Choices {
		if !chosen[ch.SiteID] {
			c.Choices = append(c.Choices, ch)
		}
	}
	return c
}

// DraftRevision stores a change of a warning in force as a draft, so that a second
// person can look at it before it goes out.
func (db *DB) DraftRevision(ctx context.Context, scope account.Scope, id uuid.UUID, version int, c Content, office uuid.UUID, by Actor, o Once, at time.Time) (uuid.UUID, error) {
	if err := c.Validate(at); err != nil {
		return uuid.Nil, err
	}
	var draftID uuid.UUID
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		var err error
		draftID, err = once(ctx, tx, o, at, func() (uuid.UUID, error) {
			w, err := lockWarning(ctx, tx, scope, id, version, "active")
			if err == nil {
				err = ownOffice(w, Publication{Office: office})
			}
			if err != nil {
				return uuid.Nil, err
			}
			if waiting, err := ids(ctx, tx, "SELECT id FROM warning WHERE follows_id = $1 AND state = 'draft'", id); err != nil || len(waiting) > 0 {
				return uuid.Nil, errs.New(errs.Conflict, "has_follower", "这条预警已有一份待处理的更新，请先处理那一份").Because(err)
			}
			was, err := contentOf(ctx, tx, id)
			if err != nil {
				return uuid.Nil, err
			}
			c.Kind, c.Mode, c.Issuer, c.IssuedAt, c.Basis = was.Kind, was.Mode, was.Issuer, was.IssuedAt, firstNonEmpty(c.Basis, was.Basis)
			return insertDraft(ctx, tx, draft{Content: c, office: w.AuthorityID, intent: "revise", follows: &id}, by, at)
		})
		return err
	})
	return draftID, err
}
