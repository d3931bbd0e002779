package app

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"

	"muster/internal/geo"
	"muster/internal/postgres"
)

// A lead on board reports where his vessel lies, without a network at first. It lies
// in the area of a warning that was published when the vessel was elsewhere: his page
// says so, the board of the publisher names the vessel by itself, and the button there
// opens the revision that takes it in.
func TestVesselStory(t *testing.T) {
	var db *postgres.DB
	var carrier string
	p := startProduct(t, func(s *service) {
		db = s.db
		var err error
		carrier, err = s.withCarrier(t.Context(), "http://127.0.0.1:9") // nothing listens there: no receipts
		must(t, err)
	})
	lead := p.user(t, "site")
	_, err := db.Pool().Exec(t.Context(), "UPDATE site SET kind = 'vessel', name = '示例绞吸船一号', recorded_at = now() WHERE id = $1", lead.SiteID)
	must(t, err)
	lon, lat := p.siteOf(t, lead)
	harbour := geo.LonLat{Lon: lon + 0.02, Lat: lat} // about two kilometres away
	room := newDutyRoom(t, p, "leader")
	warning := room.warns(harbour.Lon, harbour.Lat)

	phone := openBrowser(t)
	board := phone.another()
	board.signIn(p, "leader")
	board.opensBoard(p, warning)
	phone.isPhone(360, 740)
	phone.signsInByPhone(p, carrier, p.phoneOf(t, lead))
	phone.keepsThePage()
	phone.goes("site/" + lead.SiteID.String())
	phone.click(byTest("to-position"))
	phone.standsAt(p, harbour.Lon, harbour.Lat)
	phone.click(byTest("look"))
	phone.sees("where it is, and how exact that is", byTest("fix"))
	phone.reads("误差约 18 米，WGS 84")
	phone.picture("field-position")
	phone.usable("field-position")

	phone.network(false)
	phone.click(byTest("send-position"))
	phone.sees("it is kept", byTest("position-kept")+".kept")
	phone.picture("field-position-offline")
	phone.network(true)
	phone.sees("the duty room has it", byTest("position-told"))
	phone.sees("the vessel is in a warning", byTest("entered"))
	phone.picture("field-position-entered")
	phone.usable("field-position-entered")

	board.sees("the vessel that came", byTest("entered"))
	board.reads("1 艘船已驶入预警范围")
	board.picture("board-entered")
	board.usable("board-entered")
	board.click(byTest("entered-revise"))
	board.reads("示例绞吸船一号")
	board.sees("what the revision would change", byTest("difference"))
	board.picture("board-entered-revise")
	board.silent()
	if n := positionsOf(room, lead.SiteID); n != 1 {
		t.Errorf("%d positions arrived", n)
	}
}

func (d *desk) opensBoard(p product, warning string) {
	d.t.Helper()
	d.do("open the board", chromedp.Navigate(p.url+"/warnings/"+warning+"/board"))
	d.sees("the board", byTest("board-head"))
}

func positionsOf(room dutyRoom, site uuid.UUID) int {
	var list struct{ Items []struct{} }
	room.ask(http.MethodGet, "/sites/"+site.String()+"/positions", nil, &list)
	return len(list.Items)
}
