package httpapi

import (
	"context"
	"time"

	"github.com/google/uuid"

	"muster/internal/postgres"
	"muster/internal/warning"
)

// DeskView is what the inbox shows of a draft beside what it says.
type DeskView struct {
	Auto       *autoView   `json:"auto" doc:"自动转发：何时、依据哪份常设授权；不自动转发时的原因"`
	Editor     *editorView `json:"editor" doc:"正在处理的人"`
	Hold       *holdView   `json:"hold" doc:"暂缓"`
	SecondLook *lookView   `json:"second_look" doc:"最近一次复核"`
	Names      namesView   `json:"names" doc:"未能识别的地名"`
}

// UserView is an account by its title, never a person's name.
type UserView struct {
	UserID uuid.UUID `json:"user_id"`
	Title  string    `json:"title"`
}

type autoView struct {
	State         string        `json:"state" enum:"waiting,on_hold,stopped,none,published"`
	At            *time.Time    `json:"at"`
	Authorisation *standingName `json:"authorisation"`
	Signer        *UserView     `json:"signer"`
	Why           []reasonView  `json:"why"`
}

type standingName struct {
	ID      uuid.UUID `json:"id"`
	Title   string    `json:"title"`
	Version int       `json:"version"`
}

type editorView struct {
	UserView
	Since time.Time `json:"since"`
	Me    bool      `json:"me"`
}

type holdView struct {
	Reason string     `json:"reason"`
	Until  *time.Time `json:"until"`
	By     UserView   `json:"by"`
	At     time.Time  `json:"at"`
}

type lookView struct {
	ID          uuid.UUID  `json:"id"`
	Version     int        `json:"version"`
	Valid       bool       `json:"valid" doc:"草稿此后没有修改"`
	By          string     `json:"by" enum:"officer,leader_link,word"`
	ByLabel     string     `json:"by_label"`
	State       string     `json:"state" enum:"asked,approved,refused"`
	AskedBy     UserView   `json:"asked_by"`
	AskedAt     time.Time  `json:"asked_at"`
	AnsweredBy  *string    `json:"answered_by"`
	AnsweredAt  *time.Time `json:"answered_at"`
	Words       string     `json:"words"`
	Unreviewed  *time.Time `json:"may_publish_unreviewed_at" doc:"这一时刻起可以先发后审"`
	PublishedAt *time.Time `json:"published_at"`
}

// deskOf adds the desk's side to rows that the caller has read.
func (s *Server) deskOf(ctx context.Context, c call, rows []WarningRow) error {
	ids := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	states, err := s.DB.DeskStates(ctx, ids)
	if err != nil {
		return err
	}
	looks, err := s.DB.NewestLooks(ctx, ids)
	if err != nil {
		return err
	}
	names, err := s.DB.UnreadNames(ctx, ids)
	if err != nil {
		return err
	}
	for i := range rows {
		rows[i].DeskView = viewDesk(states[rows[i].ID], c)
		rows[i].Names = viewNames(names[rows[i].ID], states[rows[i].ID].RedrawnAt)
		if l, asked := looks[rows[i].ID]; asked {
			rows[i].SecondLook = viewLook(l, rows[i].Version)
		}
	}
	return nil
}

func viewDesk(d postgres.DeskState, c call) DeskView {
	v := DeskView{Auto: viewAuto(d, c.at)}
	if d.State != "draft" {
		return v
	}
	if d.EditorID != nil {
		v.Editor = &editorView{UserView{*d.EditorID, textOf(d.EditorTitle)}, *d.EditorSince, *d.EditorID == c.who.UserID}
	}
	if d.Held(c.at) {
		v.Hold = &holdView{d.HeldReason, d.HeldUntil, UserView{*d.HeldBy, textOf(d.HolderTitle)}, *d.HeldAt}
	}
	return v
}

func viewAuto(d postgres.DeskState, at time.Time) *autoView {
	if d.AutoState == "" || d.State == "discarded" {
		return nil
	}
	v := &autoView{State: d.AutoState, At: d.GoesOut(at), Why: viewReasons(d.AutoWhy)}
	switch {
	case d.AutoState == "published":
		v.At = d.PublishedAt
	case d.AutoState == "waiting" && d.Held(at):
		v.State = "on_hold"
	}
	if d.StandingID != nil {
		v.Authorisation = &standingName{*d.StandingID, textOf(d.StandingTitle), *d.StandingVer}
		v.Signer = &UserView{*d.SignerID, textOf(d.SignerTitle)}
	}
	return v
}

var lookWays = words[string]{{postgres.LookByOfficer, "第二人复核"}, {postgres.LookByLink, "带班领导手机审定"}, {postgres.LookByWord, "口头授权"}}

func viewLook(l postgres.Look, version int) *lookView {
	v := &lookView{ID: l.ID, Version: l.Version, Valid: l.Version == version || l.PublishedAt != nil, By: l.Way, ByLabel: lookWays.of(l.Way), State: l.State,
		AskedBy: UserView{l.AskedBy, l.AskerTitle}, AskedAt: l.AskedAt, AnsweredBy: l.AnswererTitle, AnsweredAt: l.AnsweredAt, Words: l.Words,
		PublishedAt: l.PublishedAt}
	if l.Way == postgres.LookByLink && l.AnsweredAt != nil {
		leader := "带班领导"
		v.AnsweredBy = &leader
	}
	if l.State == "asked" && l.PublishedAt == nil {
		at := l.AskedAt.Add(warning.SecondLookPatience)
		v.Unreviewed = &at
	}
	return v
}

func textOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
