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

// Validate says what is missing or contradictory in a warning's content.
func (c Content) Validate(at time.Time) error {
	var wrong []errs.Detail
	add := func(where, text, mend string) {
		wrong = append(wrong, errs.Detail{Where: "body." + where, Text: text, Mend: mend})
	}
	if !c.Hazard.Valid() {
		add("hazard", "灾种不认识", "例如 rain、flash_flood、geohazard")
	}
	if !c.Level.Valid() {
		add("level", "等级不认识", "red、orange、yellow、blue 或 unknown")
	}
	if c.Title == "" {
		add("title", "缺少标题", "写明灾种和等级")
	}
	if c.Kind == "instruction" && c.Basis == "" {
		add("basis", "行业提示要写明依据", "例如依据哪份通知或会商意见")
	}
	if !c.Expires.After(at) {
		add("expires", "截止时间已过", "填写以后的时间")
	}
	if c.Onset != nil && !c.Expires.After(*c.Onset) {
		add("onset", "开始时间不早于截止时间", "")
	}
	if len(c.Areas) == 0 {
		add("areas", "没有区域", "画一个区域，或选行政区划")
	}
	for _, ch := range c.Choices {
		if ch.Reason == "" {
			add("choices", "逐点调整要写明理由", "")
		}
		if ch.Act == "measure" && !ch.Measure.Valid() {
			add("choices", "措施不认识", "read、patrol、stop、keep_out、shelter 或 evacuate")
		}
	}
	if wrong == nil {
		return nil
	}
	return errs.New(errs.Fix, "warning_invalid", "预警内容不完整").With(wrong...)
}

// CreateDraft stores a warning that nobody has been told of yet.
func (db *DB) CreateDraft(ctx context.Context, office uuid.UUID, c Content, by Actor, o Once, at time.Time) (uuid.UUID, error) {
	if err := c.Validate(at); err != nil {
		return uuid.Nil, err
	}
	var id uuid.UUID
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		var err error
		id, err = once(ctx, tx, o, at, func() (uuid.UUID, error) {
			return insertDraft(ctx, tx, draft{Content: c, office: office, intent: "publish"}, by, at)
		})
		return err
	})
	return id, err
}

// draft is a content with where it comes from.
type draft struct {
	Content
	office    uuid.UUID
	intent    string
	follows   *uuid.UUID
	episodeID *uuid.UUID
	messageID *uuid.UUID
	unread    []string // names that the message has and that could not be found
}

func insertDraft(ctx context.Context, tx pgx.Tx, d draft, by Actor, at time.Time) (uuid.UUID, error) {
	id := newID()
	_, err := tx.Exec(ctx, `
		INSERT INTO warning (id, mode, state, kind, authority_id, episode_id, message_id, follows_id, intent, hazard, level, title,
		                     issuer, issued_at, basis, note, onset, expires, created_by, created_at)
		VALUES ($1, $2, 'draft', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		id, d.Mode, d.Kind, d.office, d.episodeID, d.messageID, d.follows, d.intent, d.Hazard, d.Level, d.Title,
		d.Issuer, d.IssuedAt, d.Basis, d.Note, d.Onset, d.Expires, nilID(by.ID), at)
	if err != nil {
		return id, err
	}
	if err := writeContent(ctx, tx, id, d.Mode, 0, d.Content, by, at); err != nil {
		return id, err
	}
	if err := writeNames(ctx, tx, id, d.unread); err != nil {
		return id, err
	}
	if err := audit(ctx, tx, by, "draft", "warning", id.String(), map[string]any{"intent": d.intent}, at); err != nil {
		return id, err
	}
	return id, announceWarning(ctx, tx, id, at)
}

// writeContent writes the areas of a revision (0: the draft) and, for the draft,
// the officer's choices.
func writeContent(ctx context.Context, tx pgx.Tx, id uuid.UUID, mode string, revision int, c Content, by Actor, at time.Time) error {
	if revision == 0 {
		if _, err := tx.Exec(ctx, "DELETE FROM warning_area WHERE warning_id = $1 AND revision = 0", id); err != nil {
			return err
		}
	}
	batch := &pgx.Batch{}
	for i, a := range c.Areas {
		regions := a.Regions
		if regions == nil {
			regions = []string{}
		}
		batch.Queue(`INSERT INTO warning_area (id, warning_id, mode, revision, seq, level, basis, certain, regions, geom, said)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::geometry, $11)`,
			newID(), id, mode, revision, i+1, a.Level, a.Basis, a.Certain, regions, a.Geometry, a.Said)
	}
	batch.Queue("DELETE FROM warning_choice WHERE warning_id = $1", id)
	for _, ch := range c.Choices {
		batch.Queue(`INSERT INTO warning_choice (warning_id, mode, site_id, act, measure, reason, decided_by, decided_at)
			VALUES ($1, $2, $3, $4, nullif($5, ''), $6, $7, $8)`, id, mode, ch.SiteID, ch.Act, string(ch.Measure), ch.Reason, by.ID, at)
	}
	return tx.SendBatch(ctx, batch).Close()
}

// ReplaceDraft changes a draft that still has the given version; errs.Conflict
// when somebody else was faster.
func (db *DB) ReplaceDraft(ctx context.Context, scope account.Scope, id uuid.UUID, version int, c Content, by Actor, at time.Time) error {
	if err := c.Validate(at); err != nil {
		return err
	}
	return db.inTx(ctx, func(tx pgx.Tx) error {
		w, err := lockWarning(ctx, tx, scope, id, version, "draft")
		if err != nil {
			return err
		}
		if err := editing(ctx, tx, id, by, at); err != nil {
			return err
		}
		if err := redrawn(ctx, tx, id, c.Areas, at); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			UPDATE warning SET version = version + 1, hazard = $2, level = $3, title = $4, basis = $5, note = $6, onset = $7, expires = $8
			WHERE  id = $1`, id, c.Hazard, c.Level, c.Title, c.Basis, c.Note, c.Onset, c.Expires)
		if err != nil {
			return err
		}
		if err := writeContent(ctx, tx, id, w.Mode, 0, c, by, at); err != nil {
			return err
		}
		if err := audit(ctx, tx, by, "edit_draft", "warning", id.String(), nil, at); err != nil {
			return err
		}
		return announceWarning(ctx, tx, id, at)
	})
}

// Discard puts a draft away without publishing it; the reason is kept.
func (db *DB) Discard(ctx context.Context, scope account.Scope, id uuid.UUID, version int, reason string, by Actor, o Once, at time.Time) error {
	if reason == "" {
		return errs.New(errs.Fix, "reason_missing", "不发布要写明理由")
	}
	return db.inTx(ctx, func(tx pgx.Tx) error {
		_, err := once(ctx, tx, o, at, func() (uuid.UUID, error) {
			if _, err := lockWarning(ctx, tx, scope, id, version, "draft"); err != nil {
				return id, err
			}
			return id, discard(ctx, tx, id, Reason{"discarded", reason}, by, at)
		})
		return err
	})
}

func discard(ctx context.Context, tx pgx.Tx, id uuid.UUID, why Reason, by Actor, at time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE warning SET state = 'discarded', version = version + 1, closed_at = $2, closed_reason = $3 WHERE id = $1`, id, at, why.Text)
	if err != nil {
		return err
	}
	if err := decide(ctx, tx, "warning", id, "not_published", []Reason{why}, by.Name, at); err != nil {
		return err
	}
	if err := audit(ctx, tx, by, "discard", "warning", id.String(), nil, at); err != nil {
		return err
	}
	return announceWarning(ctx, tx, id, at)
}

// locked is what an act on a warning needs to know of it.
type locked struct {
	ID          uuid.UUID
	Mode        string
	State       string
	Version     int
	Revision    int
	AuthorityID uuid.UUID
	FollowsID   *uuid.UUID
	Intent      string
	Level       warning.Level
}

// lockWarning takes the row for an act: it must be visible to the asker as an
// authority, still have the version the asker saw, and be in one of the states.
func lockWarning(ctx context.Context, tx pgx.Tx, scope account.Scope, id uuid.UUID, version int, states ...string) (locked, error) {
	args := pgx.NamedArgs{"id": id}
	w, err := one[locked](ctx, tx, `
		SELECT w.id, w.mode, w.state, w.version, w.revision, w.authority_id, w.follows_id, w.intent, w.level
		FROM   warning w JOIN authority a ON a.id = w.authority_id
		WHERE  w.id = @id AND `+scopeColumns(account.Scope{Ranges: scope.Ranges}, args, "a.region", "", "", "")+" FOR UPDATE OF w", args)
	if err != nil {
		return w, notFoundAs(err, "预警")
	}
	for _, s := range states {
		if w.State != s {
			continue
		}
		if w.Version != version {
			return w, errs.New(errs.Conflict, "version", "这条预警刚被别人改过（现为第 %d 版，您看到的是第 %d 版），请重新打开", w.Version, version)
		}
		return w, nil
	}
	if w.State == "active" {
		return w, errs.New(errs.Conflict, "published", "这条预警已经由别人发布")
	}
	return w, errs.New(errs.Gone, "closed", "这条预警已不再可以修改（%s）", stateLabel(w.State))
}

func stateLabel(state string) string {
	return map[string]string{"draft": "草稿", "active": "生效中", "lifted": "已解除", "expired": "到期", "discarded": "未发布"}[state]
}

// announceWarning tells everybody who may see the warning that it changed.
func announceWarning(ctx context.Context, tx pgx.Tx, id uuid.UUID, at time.Time) error {
	return announce(ctx, tx, "warning", id, place{}, at)
}
