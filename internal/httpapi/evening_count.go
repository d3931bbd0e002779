package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/clock"
	"muster/internal/errs"
	"muster/internal/postgres"
)

func (s *Server) eveningRoutes() {
	allow(s, operation{id: "countEvening", method: http.MethodPost, path: "/sites/{id}/evening-count", summary: "每日报数；更正就再报一次，以最后一次为准", status: http.StatusCreated},
		account.CountEvening, s.countEvening)
	allow(s, operation{id: "eveningCounts", method: http.MethodGet, path: "/sites/{id}/evening-count", summary: "一天的报数，现行的在前"}, account.SeeSites, s.eveningCounts)
}

type eveningView struct {
	ID         uuid.UUID `json:"id"`
	SiteID     uuid.UUID `json:"site_id"`
	Day        string    `json:"day"`
	People     int       `json:"people"`
	Away       int       `json:"away"`
	Visitors   int       `json:"visitors"`
	Words      string    `json:"words"`
	At         time.Time `json:"at" doc:"报数人说的时间"`
	RecordedAt time.Time `json:"recorded_at" doc:"到达服务器的时间"`
}

func viewEvening(e postgres.EveningCount) eveningView {
	return eveningView{e.ID, e.SiteID, e.Day.Format(time.DateOnly), e.People, e.Away, e.Visitors, e.Words, e.CountedAt, e.RecordedAt}
}

type countEveningRequest struct {
	SitePath
	OnceHeader
	Body struct {
		Day      string    `json:"day" format:"date" doc:"哪一天的晚上，北京时间"`
		People   int       `json:"people" minimum:"0" maximum:"100000" doc:"今晚住在这里的人数"`
		Away     int       `json:"away" minimum:"0" maximum:"100000" doc:"属于这里、今晚不在的人数"`
		Visitors int       `json:"visitors" minimum:"0" maximum:"100000" doc:"访客人数"`
		Words    string    `json:"words,omitempty" maxLength:"500"`
		At       time.Time `json:"at,omitempty" doc:"数人的时间（离线补报时填），不早于24小时前"`
	}
}

func (s *Server) countEvening(ctx context.Context, c call, in *countEveningRequest) (*answer[eveningView], error) {
	b := in.Body
	said, err := saidAt(b.At, c.at)
	if err != nil {
		return nil, err
	}
	day, err := eveningDay(b.Day, c.at)
	if err != nil {
		return nil, err
	}
	e := postgres.EveningCount{ID: in.event(c, "evening "+in.ID.String()), SiteID: in.ID, Day: day, People: b.People, Away: b.Away, Visitors: b.Visitors,
		Words: b.Words, CountedAt: said, RecordedAt: c.at}
	return reply(viewEvening(e), s.DB.CountEvening(ctx, c.scope, e, c.actor(), in.once(c, "evening "+in.ID.String(), b), c.at))
}

// eveningDay reads a civil day: today, or one of the last two for who had no
// network; tomorrow's evening has not been counted yet.
func eveningDay(text string, now time.Time) (time.Time, error) {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return day, errs.New(errs.Fix, "day", "日期不对").With(errs.Detail{Where: "body.day", Text: "不是日期", Mend: "例如 2026-07-10"})
	}
	today, _ := time.Parse(time.DateOnly, now.In(clock.Shanghai).Format(time.DateOnly)) // its own form
	if day.After(today) || today.Sub(day) > 48*time.Hour {
		return day, errs.New(errs.Fix, "day", "只能报今天和前两天的数").With(errs.Detail{Where: "body.day", Text: "太早或太晚", Mend: today.Format(time.DateOnly)})
	}
	return day, nil
}

func (s *Server) eveningCounts(ctx context.Context, c call, in *struct {
	SitePath
	Day string `query:"day" required:"true" format:"date"`
}) (*answer[page[eveningView]], error) {
	day, err := time.Parse(time.DateOnly, in.Day)
	if err != nil {
		return nil, errs.New(errs.Fix, "day", "日期不对")
	}
	if _, err := s.DB.SiteByID(ctx, c.scope, in.ID); err != nil {
		return nil, err
	}
	list, err := s.DB.EveningCounts(ctx, c.scope, in.ID, day)
	if err != nil {
		return nil, err
	}
	out := page[eveningView]{Items: []eveningView{}}
	for _, e := range list {
		out.Items = append(out.Items, viewEvening(e))
	}
	return reply(out, nil)
}
