package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/response"
)

// linkOpen is how long a leader's link and code open the page.
const linkOpen = 2 * time.Hour

// lookTries is how many wrong codes lock a phone's open questions.
const lookTries = 5

// askLeaders asks the leaders of tonight's roster by phone: a short message with a
// code for the fixed page, and a notice on their own screens with a link. The
// asker sees neither.
func askLeaders(ctx context.Context, tx pgx.Tx, w locked, q Question, by Actor, at time.Time) error {
	leaders, err := rosterOf(ctx, tx, []uuid.UUID{q.Office}, "duty_leader", at)
	if err != nil {
		return err
	}
	if len(leaders[q.Office]) == 0 {
		return errs.New(errs.Conflict, "no_leader", "今晚的值班表上没有带班领导，请另一位值班员复核，或记录口头授权")
	}
	b, err := draftBrief(ctx, tx, w.ID, q.Office, at)
	if err != nil {
		return err
	}
	sites, err := sitesOfDraft(ctx, tx, w, at)
	if err != nil {
		return err
	}
	var errands []errand
	for _, leader := range leaders[q.Office] {
		taken, err := openCodes(ctx, tx, leader.PhoneHash)
		if err != nil {
			return err
		}
		id, code := newID(), newCode(taken)
		if _, err := tx.Exec(ctx, `
			INSERT INTO second_look (id, warning_id, mode, version, authority_id, way, asked_by, asked_at, person_id, phone_hash, code, open_until)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			id, w.ID, w.Mode, w.Version, q.Office, q.Way, by.ID, at, leader.PersonID, leader.PhoneHash, code, at.Add(linkOpen)); err != nil {
			return err
		}
		for _, step := range b.rules.Tell(response.NoticeReview) {
			for _, ch := range step.Channels {
				errands = append(errands, errand{kind: response.NoticeReview, person: &leader, channel: ch, rung: step.Rung, round: step.Round, event: id,
					code: code, numbers: &overdue{Total: sites}})
			}
		}
	}
	return writeNotices(ctx, tx, b, errands, nil, at)
}

// draftBrief is the brief of a draft: by the rule book that would hold now. One
// that was written before there were second looks has no words for them; the
// common words are used.
func draftBrief(ctx context.Context, q querier, id, office uuid.UUID, at time.Time) (brief, error) {
	b, err := one[brief](ctx, q, briefSQL, id)
	if err != nil {
		return b, err
	}
	b.rules, _, err = rulesFor(ctx, q, office, at)
	if err == nil && len(b.rules.Tell(response.NoticeReview)) == 0 {
		b.rules = response.DefaultRules()
	}
	b.Revision = nil
	return b, err
}

// sitesOfDraft counts the sites that publishing a draft would tell now.
func sitesOfDraft(ctx context.Context, tx pgx.Tx, w locked, at time.Time) (int, error) {
	c, err := contentOf(ctx, tx, w.ID)
	if err != nil {
		return 0, err
	}
	scope, err := authorityScope(ctx, tx, w.AuthorityID, at)
	if err != nil {
		return 0, err
	}
	pre, err := preview(ctx, tx, scope, w.AuthorityID, &w.ID, c, at)
	return len(pre.Targets), err
}

// openCodes are the codes of a phone's open questions.
func openCodes(ctx context.Context, q querier, phone *string) (map[string]bool, error) {
	rows, err := collect[struct{ Code string }](ctx, q, "SELECT code FROM second_look WHERE phone_hash = $1 AND state = 'asked'", phone)
	taken := map[string]bool{}
	for _, r := range rows {
		taken[r.Code] = true
	}
	return taken, err
}

// LinkLook is a question as the leader's page shows it.
type LinkLook struct {
	Look
	OpenUntil      time.Time
	WrongTries     int
	WarningVersion int
	WarningState   string
}

const linkLookSQL = `
	SELECT l.id, l.warning_id, l.version, l.authority_id, l.way, l.asked_by, a.title AS asker_title, l.asked_at, l.state, l.answered_by,
	       NULL::text AS answerer_title, l.answered_at, l.words, l.published_at, l.open_until, l.wrong_tries, w.version AS warning_version,
	       w.state AS warning_state
	FROM   second_look l JOIN app_user a ON a.id = l.asked_by JOIN warning w ON w.id = l.warning_id WHERE l.way = 'leader_link' AND `

// LookByLink reads the question of a link. What the link opens is this question
// and nothing else.
func (db *DB) LookByLink(ctx context.Context, id uuid.UUID, at time.Time) (LinkLook, error) {
	l, err := one[LinkLook](ctx, db.pool, linkLookSQL+"l.id = $1", id)
	if err == nil && !at.Before(l.OpenUntil) {
		err = errs.New(errs.Gone, "link_over", "审定链接已过期，请联系值班台重新发起")
	}
	return l, notFoundAs(err, "审定请求")
}

// LookByCode finds the question that a phone and a code open. Wrong codes are
// counted against every open question of that phone; a number that was asked
// nothing reads the same as a wrong code.
func (db *DB) LookByCode(ctx context.Context, phones []string, code string, at time.Time) (LinkLook, error) {
	wrong := errs.New(errs.Fix, "look_code", "手机号或审定码不正确，连续输错会锁定")
	var found LinkLook
	var answer error
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		found, answer = LinkLook{}, wrong
		open, err := collect[LinkLook](ctx, tx, linkLookSQL+"l.phone_hash = ANY($1) AND l.state = 'asked' AND l.open_until > $2 ORDER BY l.id FOR UPDATE OF l", phones, at)
		if err != nil {
			return err
		}
		for _, l := range open {
			if l.WrongTries >= lookTries {
				answer = errs.New(errs.Limit, "look_locked", "输错次数过多，已锁定，请联系值班台重新发起")
				return nil
			}
		}
		hit, err := collect[LinkLook](ctx, tx, linkLookSQL+"l.phone_hash = ANY($1) AND l.code = $3 AND l.state = 'asked' AND l.open_until > $2", phones, at, code)
		if err != nil {
			return err
		}
		if len(hit) == 1 {
			found, answer = hit[0], nil
			return nil
		}
		_, err = tx.Exec(ctx, "UPDATE second_look SET wrong_tries = wrong_tries + 1 WHERE phone_hash = ANY($1) AND state = 'asked' AND open_until > $2", phones, at)
		return err
	})
	if err != nil {
		return found, err
	}
	return found, answer
}

// AnswerByLink is the leader's answer on his phone. The same button twice is one
// answer.
func (db *DB) AnswerByLink(ctx context.Context, id uuid.UUID, v Verdict, at time.Time) error {
	if !v.Approve && v.Words == "" {
		return errs.New(errs.Fix, "words_missing", "不同意请写一句理由")
	}
	return db.inTx(ctx, func(tx pgx.Tx) error {
		var warningID uuid.UUID
		if err := tx.QueryRow(ctx, "SELECT warning_id FROM second_look WHERE id = $1 AND way = 'leader_link' AND open_until > $2", id, at).Scan(&warningID); err != nil {
			return notFoundAs(kindOf(err), "审定请求")
		}
		if _, err := tx.Exec(ctx, "SELECT FROM warning WHERE id = $1 FOR UPDATE", warningID); err != nil {
			return err
		}
		l, err := one[Look](ctx, tx, lookSQL+"WHERE l.id = $1 FOR UPDATE OF l", id)
		if err != nil {
			return err
		}
		if l.State != "asked" {
			if (l.State == "approved") == v.Approve {
				return nil
			}
			return errs.New(errs.Conflict, "answered", "这个请求已经答复过")
		}
		return answerLook(ctx, tx, l, v, Actor{Name: "leader_link"}, at)
	})
}

// LookContent is the draft that a question is about, with what publishing it now
// would do.
func (db *DB) LookContent(ctx context.Context, l LinkLook, at time.Time) (Warning, PublicationPlan, error) {
	w, err := db.WarningByID(ctx, account.Everywhere(), l.WarningID)
	if err != nil {
		return w, PublicationPlan{}, err
	}
	plan, err := db.PlanWarning(ctx, account.Everywhere(), l.WarningID, at)
	return w, plan, err
}
