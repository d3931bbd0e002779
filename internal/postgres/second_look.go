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

// The ways of a second look (复核).
const (
	LookByOfficer = "officer"     // a second officer of the same authority
	LookByLink    = "leader_link" // tonight's leader, by phone
	LookByWord    = "word"        // 口头授权: agreed to by word of mouth
)

// Look is one question to a second person about one version of a draft, with his
// answer.
type Look struct {
	ID            uuid.UUID
	WarningID     uuid.UUID
	Version       int
	AuthorityID   uuid.UUID
	Way           string
	AskedBy       uuid.UUID
	AskerTitle    string
	AskedAt       time.Time
	State         string // asked, approved, refused
	AnsweredBy    *uuid.UUID
	AnswererTitle *string
	AnsweredAt    *time.Time
	Words         string
	PublishedAt   *time.Time
}

const lookSQL = `
	SELECT l.id, l.warning_id, l.version, l.authority_id, l.way, l.asked_by, a.title AS asker_title, l.asked_at, l.state, l.answered_by,
	       b.title AS answerer_title, l.answered_at, l.words, l.published_at
	FROM   second_look l JOIN app_user a ON a.id = l.asked_by LEFT JOIN app_user b ON b.id = l.answered_by `

// Question is what is asked of a second person.
type Question struct {
	Version int
	Office  uuid.UUID // in whose name it will be published
	Way     string
	Words   string // of a word of mouth: who agreed, when
}

// AskSecondLook asks for a second look at a draft as it is now. A word of mouth is
// its own answer.
func (db *DB) AskSecondLook(ctx context.Context, scope account.Scope, id uuid.UUID, q Question, by Actor, o Once, at time.Time) error {
	if q.Way == LookByWord && q.Words == "" {
		return errs.New(errs.Fix, "words_missing", "口头授权要写明谁、何时同意")
	}
	return db.inTx(ctx, func(tx pgx.Tx) error {
		_, err := once(ctx, tx, o, at, func() (uuid.UUID, error) {
			w, err := lockWarning(ctx, tx, scope, id, q.Version, "draft")
			if err != nil {
				return id, err
			}
			if err := askLook(ctx, tx, w, q, by, at); err != nil {
				return id, err
			}
			if err := audit(ctx, tx, by, "ask_second_look", "warning", id.String(), map[string]any{"version": q.Version, "way": q.Way}, at); err != nil {
				return id, err
			}
			return id, announceWarning(ctx, tx, id, at)
		})
		return err
	})
}

func askLook(ctx context.Context, tx pgx.Tx, w locked, q Question, by Actor, at time.Time) error {
	switch q.Way {
	case LookByLink:
		return askLeaders(ctx, tx, w, q, by, at)
	case LookByWord:
		_, err := tx.Exec(ctx, `
			INSERT INTO second_look (id, warning_id, mode, version, authority_id, way, asked_by, asked_at, state, answered_at, words)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'approved', $8, $9)`, newID(), w.ID, w.Mode, w.Version, q.Office, q.Way, by.ID, at, q.Words)
		return err
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO second_look (id, warning_id, mode, version, authority_id, way, asked_by, asked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		newID(), w.ID, w.Mode, w.Version, q.Office, q.Way, by.ID, at)
	return err
}

// Verdict is what a second person says about a version.
type Verdict struct {
	Version int
	Approve bool
	Words   string
}

// AnswerSecondLook is the answer of a second officer. It counts for the version
// that was asked about and for no other; never is it the asker's own. After a
// publication that did not wait (先发后审) the answer is kept as what was said
// afterwards.
func (db *DB) AnswerSecondLook(ctx context.Context, scope account.Scope, id uuid.UUID, v Verdict, offices []uuid.UUID, by Actor, o Once, at time.Time) error {
	if !v.Approve && v.Words == "" {
		return errs.New(errs.Fix, "words_missing", "不同意要写明理由")
	}
	return db.inTx(ctx, func(tx pgx.Tx) error {
		_, err := once(ctx, tx, o, at, func() (uuid.UUID, error) {
			args := pgx.NamedArgs{"id": id, "offices": offices}
			if _, err := one[struct{ ID uuid.UUID }](ctx, tx, "SELECT w.id FROM warning w JOIN authority a ON a.id = w.authority_id WHERE w.id = @id AND "+
				authoritiesOf(scope, args)+" FOR UPDATE OF w", args); err != nil {
				return id, notFoundAs(err, "预警")
			}
			look, err := one[Look](ctx, tx, lookSQL+`WHERE l.warning_id = @id AND l.state = 'asked' AND l.authority_id = ANY(@offices)
				ORDER BY l.asked_at DESC, l.id DESC LIMIT 1 FOR UPDATE OF l`, args)
			if errs.Is(err, errs.NotFound) {
				return id, errs.New(errs.Conflict, "not_asked", "没有等待您单位复核的请求")
			}
			if err == nil && look.AskedBy == by.ID {
				err = errs.New(errs.Forbidden, "own_look", "不能复核自己提交的草稿，请另一位值班员或带班领导复核")
			}
			if err != nil {
				return id, err
			}
			return id, answerLook(ctx, tx, look, v, by, at)
		})
		return err
	})
}

// answerLook writes an answer of the version it is about.
func answerLook(ctx context.Context, tx pgx.Tx, l Look, v Verdict, by Actor, at time.Time) error {
	var version int
	if err := tx.QueryRow(ctx, "SELECT version FROM warning WHERE id = $1", l.WarningID).Scan(&version); err != nil {
		return err
	}
	if l.Version != v.Version || l.PublishedAt == nil && version != l.Version {
		return errs.New(errs.Conflict, "version", "草稿已被修改（现为第 %d 版，请复核的是第 %d 版），请重新请求复核", version, l.Version)
	}
	state := "refused"
	if v.Approve {
		state = "approved"
	}
	if _, err := tx.Exec(ctx, "UPDATE second_look SET state = $2, answered_by = $3, answered_at = $4, words = $5 WHERE id = $1",
		l.ID, state, nilID(by.ID), at, v.Words); err != nil {
		return err
	}
	if err := decide(ctx, tx, "warning", l.WarningID, "second_look_"+state, []Reason{{l.Way, v.Words}}, by.Name, at); err != nil {
		return err
	}
	if err := audit(ctx, tx, by, "answer_second_look", "warning", l.WarningID.String(), map[string]any{"look": l.ID, "version": l.Version, "state": state}, at); err != nil {
		return err
	}
	return announceWarning(ctx, tx, l.WarningID, at)
}

// secondLook finds what lets a warning of a level go out (operations.md §5): a
// leader publishes it, or agreed by word of mouth, or somebody else has looked at
// this very version, or was asked and has not answered in time. What was found is
// kept with the publication.
func secondLook(ctx context.Context, tx pgx.Tx, w locked, level warning.Level, p *Publication, at time.Time) error {
	if p.Leader || p.Authorisation != "" || !warning.NeedsSecondLook(level) {
		return nil
	}
	looks, err := collect[Look](ctx, tx, lookSQL+"WHERE l.warning_id = $1 AND l.version = $2 AND l.authority_id = $3 ORDER BY l.asked_at DESC, l.id DESC",
		w.ID, w.Version, p.Office)
	if err != nil {
		return err
	}
	look, words, err := permits(looks, p.By.ID, p.Unreviewed, at)
	if err != nil {
		return err
	}
	p.Authorisation = words
	_, err = tx.Exec(ctx, "UPDATE second_look SET published_at = $2 WHERE id = $1", look.ID, at)
	return err
}

// permits looks for an answer among the looks at a version, the newest question
// first. Who publishes has not looked twice.
func permits(looks []Look, publisher uuid.UUID, unreviewed bool, at time.Time) (Look, string, error) {
	for _, l := range looks {
		switch {
		case l.State == "refused":
			return l, "", errs.New(errs.Forbidden, "look_refused", "复核不同意：%s", l.Words)
		case l.State == "approved" && deref(l.AnsweredBy) != publisher || l.State == "approved" && l.AnsweredBy == nil:
			return l, l.said(), nil
		case l.State == "asked" && unreviewed && warning.MayNotWait(l.AskedAt, at):
			return l, "先发后审：" + wall(l.AskedAt) + "请求复核，未获答复", nil
		}
	}
	return Look{}, "", errs.New(errs.Forbidden, "second_look", "红色、橙色预警由带班领导发布；值班员发布时请另一人复核，或写明口头授权（谁、何时同意）")
}

// said is the approval in words, for the record of the publication.
func (l Look) said() string {
	switch l.Way {
	case LookByWord:
		return l.Words
	case LookByLink:
		return "带班领导于" + wall(*l.AnsweredAt) + "在手机上审定同意" + after(l.Words)
	}
	return textOf(l.AnswererTitle) + "于" + wall(*l.AnsweredAt) + "复核同意" + after(l.Words)
}

func after(words string) string {
	if words == "" {
		return ""
	}
	return "：" + words
}
