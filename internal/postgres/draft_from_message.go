package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/warning"
)

// openWarning is a warning of an episode that is not over.
type openWarning struct {
	ID          uuid.UUID
	State       string
	Intent      string
	Hazard      warning.Hazard
	Mode        string
	AuthorityID uuid.UUID
	FollowsID   *uuid.UUID
	Expires     time.Time
}

// draftFor decides what a message asks of a person: a new draft, a change of a
// draft that still waits, a proposal to revise or to lift what is in force, or
// nothing; and says why.
func draftFor(ctx context.Context, tx pgx.Tx, message uuid.UUID, m warning.Message, p placed, at time.Time) (string, []Reason, error) {
	switch {
	case m.Status != warning.StatusActual:
		return "not_drafted", []Reason{{"status", "不是实战信息（" + string(m.Status) + "），不派发"}}, nil
	case m.MsgType == warning.MsgAck || m.MsgType == warning.MsgError:
		return "not_drafted", []Reason{{"machine", "系统往来信息，不派发"}}, nil
	case p.Repeat:
		return "not_drafted", []Reason{{"repeat", "同一条预警信息已经收到过，不重复派发"}}, nil
	case p.Born:
		return "not_drafted", []Reason{{"born_cancelled", "这条信息到达前已被解除，不派发"}}, nil
	case m.Ends() && p.Ends:
		return endDrafts(ctx, tx, message, m, p.episode, at)
	case m.Ends():
		return "not_drafted", []Reason{{"ends_nothing", "没有可以解除的预警"}}, nil
	case !m.Dispatchable(at):
		return "not_drafted", []Reason{{"expired", "有效时间已过，不派发"}}, nil
	}
	return draftClaims(ctx, tx, message, m, p.episode, at)
}

// draftClaims makes one draft per hazard: one message may carry several.
func draftClaims(ctx context.Context, tx pgx.Tx, message uuid.UUID, m warning.Message, episode uuid.UUID, at time.Time) (string, []Reason, error) {
	office, name, err := officeFor(ctx, tx, m)
	if err != nil {
		return "", nil, err
	}
	if office == uuid.Nil {
		return "not_drafted", []Reason{{"no_authority", "没有登记任何主管部门，无人可以处理"}}, nil
	}
	if office, name, err = officeOfPaste(ctx, tx, message, office, name, at); err != nil {
		return "", nil, err
	}
	open, err := openWarnings(ctx, tx, episode)
	if err != nil {
		return "", nil, err
	}
	why := []Reason{{"drafted", "等待" + name + "处理"}}
	for _, c := range contentsOf(m, at) {
		for i := range c.Areas {
			if c.Areas[i].Geometry, err = claimShape(ctx, tx, warning.ClaimArea{Geometry: c.Areas[i].Geometry, Excluded: c.excluded[i]}); err != nil {
				return "", nil, err
			}
		}
		c.Areas = slices.DeleteFunc(c.Areas, func(a Area) bool { return a.Geometry == nil && len(a.Regions) == 0 })
		said, err := putDraft(ctx, tx, draft{Content: c.Content, office: office, intent: "publish", episodeID: &episode, messageID: &message, unread: m.Unread}, open, at)
		if err != nil {
			return "", nil, err
		}
		why = append(why, said)
	}
	return "drafted", why, nil
}

// putDraft finds what of the episode is open for this hazard and drafts
// accordingly.
func putDraft(ctx context.Context, tx pgx.Tx, d draft, open []openWarning, at time.Time) (Reason, error) {
	var waiting, inForce *openWarning
	for i, w := range open {
		if w.Hazard != d.Hazard || w.Mode != d.Mode {
			continue
		}
		switch w.State {
		case "draft":
			waiting = &open[i]
		case "active": // one that expired cannot be revised: the update begins anew
			inForce = &open[i]
		}
	}
	if waiting != nil {
		if err := discard(ctx, tx, waiting.ID, Reason{"superseded", "原发布单位已更新，见新草稿"}, machine, at); err != nil {
			return Reason{}, err
		}
	}
	said := Reason{"new_draft", "新草稿：" + d.Title}
	if inForce != nil {
		d.intent, d.follows, d.office = "revise", &inForce.ID, inForce.AuthorityID
		said = Reason{"revision_draft", "建议更新生效中的预警：" + d.Title}
	}
	id, err := insertDraft(ctx, tx, d, machine, at)
	if err == nil && waiting != nil {
		err = inherit(ctx, tx, waiting.ID, id)
	}
	if err != nil {
		return Reason{}, err
	}
	return said, planAuto(ctx, tx, id, at)
}

// endDrafts puts away what waits and proposes to lift what is in force: the
// issuer has lifted, whether the sites may relax is for a person to say.
func endDrafts(ctx context.Context, tx pgx.Tx, message uuid.UUID, m warning.Message, episode uuid.UUID, at time.Time) (string, []Reason, error) {
	open, err := openWarnings(ctx, tx, episode)
	if err != nil {
		return "", nil, err
	}
	var why []Reason
	for _, w := range open {
		if w.State == "draft" {
			why = append(why, Reason{"draft_ended", "草稿未发布，原发布单位已解除"})
			if err := discard(ctx, tx, w.ID, why[len(why)-1], machine, at); err != nil {
				return "", nil, err
			}
		}
	}
	for _, w := range open {
		if w.State == "draft" {
			continue
		}
		why = append(why, Reason{"lift_draft", "建议解除生效中的预警"})
		if err := draftLift(ctx, tx, message, m, w, at); err != nil {
			return "", nil, err
		}
	}
	if len(why) == 0 {
		why = []Reason{{"nothing_open", "这一过程没有草稿，也没有生效中的预警"}}
	}
	return "ended", why, nil
}

func draftLift(ctx context.Context, tx pgx.Tx, message uuid.UUID, m warning.Message, w openWarning, at time.Time) error {
	c, err := contentOf(ctx, tx, w.ID)
	if err != nil {
		return err
	}
	c.Kind, c.Issuer, c.IssuedAt, c.Areas, c.Choices = "relay", m.Issuer(), issuedAt(m, at), nil, nil
	c.Note = firstNonEmpty(m.Note, m.Headline, m.Issuer()+"已解除")
	d := draft{Content: c, office: w.AuthorityID, intent: "lift", follows: &w.ID, messageID: &message}
	id, err := insertDraft(ctx, tx, d, machine, at)
	if err != nil {
		return err
	}
	return planAuto(ctx, tx, id, at)
}

func openWarnings(ctx context.Context, tx pgx.Tx, episode uuid.UUID) ([]openWarning, error) {
	return collect[openWarning](ctx, tx, `
		SELECT w.id, w.state, w.intent, w.hazard, w.mode, w.authority_id, w.follows_id, w.expires FROM warning w
		WHERE  w.state IN ('draft', 'active', 'expired')
		AND   (w.episode_id = $1 OR w.follows_id IN (SELECT id FROM warning WHERE episode_id = $1))
		ORDER  BY w.created_at FOR UPDATE`, episode)
}

// officeFor is the authority whose draft it becomes: the finest one whose
// territory holds the issuing office, the top one when the office is unknown.
func officeFor(ctx context.Context, tx pgx.Tx, m warning.Message) (id uuid.UUID, name string, err error) {
	code := ""
	if len(m.SenderCode) >= 6 {
		code = m.SenderCode[:6] + "000000"
	}
	err = tx.QueryRow(ctx, `
		SELECT a.id, a.name FROM authority a JOIN authority_territory t ON t.authority_id = a.id
		WHERE  a.kind = 'transport' AND ($1 = '' OR $1 COLLATE "C" >= t.lo AND $1 COLLATE "C" < t.hi)
		ORDER  BY CASE WHEN $1 = '' THEN 0 ELSE 1 END * array_position(ARRAY['county', 'city', 'province'], a.level),
		          array_position(ARRAY['province', 'city', 'county'], a.level) LIMIT 1`, code).Scan(&id, &name)
	if errors.Is(err, pgx.ErrNoRows) && code != "" {
		m.SenderCode = ""
		return officeFor(ctx, tx, m)
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return uuid.Nil, "", nil
	}
	return id, name, err
}

func issuedAt(m warning.Message, at time.Time) *time.Time {
	if m.Sent.IsZero() {
		return &at
	}
	return &m.Sent
}

func firstNonEmpty(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

func titleOf(h warning.Hazard, l warning.Level) string {
	if l == warning.LevelUnknown {
		return fmt.Sprintf("%s预警（%s）", h.Label(), l.Label())
	}
	return fmt.Sprintf("%s%s预警", h.Label(), l.Label())
}
