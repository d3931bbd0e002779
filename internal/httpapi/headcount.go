package httpapi

import (
	"context"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
)

type headcountRequest struct {
	ID    uuid.UUID `path:"id"`
	At    time.Time `query:"at" doc:"哪一时刻；不填为现在"`
	Known time.Time `query:"known_at" doc:"按当时已收到的打卡；不填为现在"`
}

// numbersView shows numbers that are independent of each other beside each other.
type numbersView struct {
	headcountView
	OnLeave     int                `json:"on_leave" doc:"请假却打卡在场的，已在 certain 或 possible 里"`
	ExpectedOf  expectedOfView     `json:"expected_of" doc:"应在人数由什么组成"`
	Late        *lateView          `json:"late" doc:"问了 known_at：那时还没收到、后来才收到的；空：没有"`
	Evening     *eveningNumberView `json:"evening" doc:"最近一次晚间报数"`
	Gates       *gatesView         `json:"gates" doc:"闸机的情况；问的是过去时没有"`
	Differences []disagreeView     `json:"differences" doc:"差在哪里、可能为什么；不折中，不相加"`
}

// expectedOfView: expected is together without away.
type expectedOfView struct {
	Beds     int `json:"beds" doc:"住在这里的人，含请假的"`
	Shifts   int `json:"shifts" doc:"正在班上的人，含请假的"`
	Together int `json:"together" doc:"他们和在场的人，同一个人只算一次"`
	Away     int `json:"away" doc:"其中请假又不在场的，不算应在"`
}

type lateView struct {
	People     int        `json:"people" doc:"多少人那一刻之前的最后一条打卡是后来才收到的"`
	ReceivedAt *time.Time `json:"received_at" doc:"其中最晚的一条什么时候收到"`
}

type eveningNumberView struct {
	People   int       `json:"people"`
	Away     int       `json:"away"`
	Visitors int       `json:"visitors"`
	At       time.Time `json:"at"`
	By       string    `json:"by" doc:"谁报的；不能看人员的角色看不到"`
}

type gatesView struct {
	Count       int        `json:"count"`
	HeardAt     *time.Time `json:"heard_at" doc:"最近的心跳或打卡"`
	SilentSince *time.Time `json:"silent_since" doc:"空：没有静默"`
}

type disagreeView struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

func (s *Server) headcount(ctx context.Context, c call, in *headcountRequest) (*answer[numbersView], error) {
	at, known := in.At, in.Known
	if known.IsZero() {
		known = c.at
	}
	var n postgres.SiteNumbers
	var err error
	switch {
	case at.IsZero() && in.Known.IsZero():
		n, err = s.DB.NumbersNow(ctx, c.scope, in.ID, c.at)
	case at.IsZero():
		n, err = s.DB.NumbersAt(ctx, c.scope, in.ID, c.at, known)
	default:
		n, err = s.DB.NumbersAt(ctx, c.scope, in.ID, at, known)
	}
	if err == nil && !in.Known.IsZero() {
		n.Late, err = s.DB.LateAt(ctx, in.ID, n.At, known)
	}
	if err != nil {
		return nil, err
	}
	return reply(viewNumbers(n, c.who.Names(n.Place(), account.Quiet) != account.Hidden), nil)
}

func viewNumbers(n postgres.SiteNumbers, named bool) numbersView {
	v := numbersView{headcountView: *viewHeadcount(n.Headcount, n.At), OnLeave: n.Headcount.OnLeave, Differences: []disagreeView{},
		ExpectedOf: expectedOfView{n.Of.Beds, n.Of.Shifts, n.Of.Together, n.Of.Together - n.Headcount.Expected}}
	if l := n.Late; l != nil {
		v.Late = &lateView{l.People, l.ReceivedAt}
	}
	if e := n.Evening; e != nil {
		v.Evening = &eveningNumberView{People: e.People, Away: e.Away, Visitors: e.Visitors, At: e.At}
		if named {
			v.Evening.By = n.EveningBy
		}
	}
	if g := n.Gates; g != nil {
		v.Gates = &gatesView{g.Count, instant(g.HeardAt), instant(g.SilentSince(n.At))}
	}
	for _, d := range n.Differences() {
		v.Differences = append(v.Differences, disagreeView(d))
	}
	return v
}

// instant is null for the zero time.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
