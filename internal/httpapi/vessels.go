package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/roster"
	"muster/internal/warning"
)

func (s *Server) vesselRoutes() {
	allow(s, operation{id: "reportPosition", method: http.MethodPost, path: "/sites/{id}/positions", summary: "施工船舶报位置：最新的一次就是点位现在的位置"},
		account.CountEvening, s.reportPosition)
	allow(s, operation{id: "listPositions", method: http.MethodGet, path: "/sites/{id}/positions", summary: "施工船舶到过的位置，最近的在前；第一条就是那时的位置"},
		account.SeeSites, s.listPositions)
}

type positionView struct {
	At         time.Time `json:"at"`
	Lon        float64   `json:"lon" doc:"WGS 84"`
	Lat        float64   `json:"lat"`
	Datum      string    `json:"datum" doc:"收到时的坐标系"`
	AccuracyM  int       `json:"accuracy_m"`
	By         string    `json:"by"`
	RecordedAt time.Time `json:"recorded_at"`
}

type positionsView struct {
	Items   []positionView `json:"items"`
	Entered []enteredView  `json:"entered" doc:"现在在这些生效预警的范围里，但还不是它们的受影响点位"`
}

type enteredView struct {
	WarningID  uuid.UUID `json:"warning_id"`
	Title      string    `json:"title"`
	Level      string    `json:"level"`
	LevelLabel string    `json:"level_label"`
	Exercise   bool      `json:"exercise"`
}

type reportedView struct {
	Entered []enteredView `json:"entered" doc:"驶入了这些生效预警的范围，但还不是它们的受影响点位"`
	Words   string        `json:"words"`
}

// reportPosition takes where a vessel is. The lead on board reports it, from his
// phone or by hand.
func (s *Server) reportPosition(ctx context.Context, c call, in *struct {
	SitePath
	Body struct {
		Lon       float64   `json:"lon"`
		Lat       float64   `json:"lat"`
		Datum     string    `json:"datum" enum:"wgs84,cgcs2000,gcj02,bd09,unknown" doc:"unknown：手机没有说明（安卓微信），取两种读法的中点，误差加上相差的一半"`
		AccuracyM int       `json:"accuracy_m,omitempty" minimum:"0"`
		At        time.Time `json:"at,omitempty" doc:"何时在那里（离线补报时填），不早于24小时前"`
	}
}) (*answer[reportedView], error) {
	b := in.Body
	at, err := saidAt(b.At, c.at)
	if err != nil {
		return nil, err
	}
	here, accuracy := roster.ReadFix(b.Lon, b.Lat, b.Datum, float64(b.AccuracyM))
	entered, err := s.DB.ReportPosition(ctx, c.scope, postgres.VesselPosition{SiteID: in.ID, At: at, Lon: here.Lon, Lat: here.Lat, Datum: b.Datum, AccuracyM: int(accuracy + 0.5)},
		c.actor(), c.at)
	if err != nil {
		return nil, err
	}
	out := reportedView{Words: "位置已更新"}
	out.Entered = viewEntered(entered)
	for _, e := range out.Entered {
		out.Words = "位置已更新。船已在" + e.LevelLabel + "预警“" + e.Title + "”的范围内，值班室已知道；正式要求以发布单位的通知为准，请先做好避险准备"
		if !e.Exercise {
			break
		}
	}
	return reply(out, nil)
}

func viewEntered(list []postgres.Entered) []enteredView {
	out := []enteredView{}
	for _, e := range list {
		out = append(out, enteredView{e.WarningID, e.Title, e.Level, warning.Level(e.Level).Label(), e.Mode == "exercise"})
	}
	return out
}

const mostPositions = 500

func (s *Server) listPositions(ctx context.Context, c call, in *struct {
	SitePath
	Until time.Time `query:"until" doc:"那时及以前的；不填为现在"`
	Limit int       `query:"limit" minimum:"1" maximum:"500" default:"100"`
}) (*answer[positionsView], error) {
	until := in.Until
	if until.IsZero() {
		until = c.at
	}
	if until.After(c.at.Add(time.Minute)) {
		return nil, errs.New(errs.Fix, "until", "不能问将来的位置")
	}
	list, err := s.DB.Positions(ctx, c.scope, in.ID, until, min(in.Limit, mostPositions))
	if err != nil {
		return nil, err
	}
	entered, err := s.DB.Entered(ctx, c.scope, in.ID)
	out := positionsView{Items: []positionView{}, Entered: viewEntered(entered)}
	for _, p := range list {
		out.Items = append(out.Items, positionView{p.At, p.Lon, p.Lat, p.Datum, p.AccuracyM, p.Actor, p.RecordedAt})
	}
	return reply(out, err)
}
