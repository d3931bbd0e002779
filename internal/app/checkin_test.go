package app

import (
	"net/http"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/clock"
	"muster/internal/demo"
	"muster/internal/postgres"
	"muster/internal/roster"
)

// scanPoint is a screen at a site, and what it shows.
type scanPoint struct {
	t      *testing.T
	db     *postgres.DB
	keys   *account.Sealer
	ID     uuid.UUID
	Path   string
	Screen string `json:"screen_path"`
}

// code is what the screen shows, or will show so many half minutes later.
func (s scanPoint) code(later int64) string {
	s.t.Helper()
	p, err := s.db.CheckinPointByID(s.t.Context(), account.Everywhere(), s.ID)
	must(s.t, err)
	secret, err := s.keys.Open("checkin_point", "secret", s.ID.String(), p.SecretSealed)
	must(s.t, err)
	return roster.CheckinCode([]byte(secret), roster.CheckinStepOf(clock.System{}.Now())+later)
}

// A worker scans the code on the screen: he says once who he is, reads a code that
// comes to his number, goes in, is told
// that nothing is in force; goes out without a network, which reaches the server
// later; and is told of the warning when he comes back.
func TestCheckinStory(t *testing.T) {
	var point scanPoint
	var carrier string
	p := startProduct(t, func(s *service) {
		point = scanPoint{t: t, db: s.db, keys: s.sealer}
		var err error
		carrier, err = s.withCarrier(t.Context(), "http://127.0.0.1:9") // nothing listens there: no receipts
		must(t, err)
	})
	room := newDutyRoom(t, p, "leader")
	lead := p.user(t, "site")
	site := "/sites/" + lead.SiteID.String()
	room.ask(http.MethodPost, site+"/checkin-points", map[string]any{"title": "3 号门", "kind": "screen", "purpose": "entry", "direction": "both", "radius_m": 500}, &point)
	who := p.holder(t, lead)
	lon, lat := p.siteOf(t, lead)

	phone := openBrowser(t)
	phone.isPhone(360, 740)
	phone.standsAt(p, lon, lat)
	phone.do("scan", chromedp.Navigate(p.url+point.Path+"?t="+point.code(0)))
	phone.reads("第一次用这部手机")
	phone.picture("checkin-confirm")
	phone.usable("checkin-confirm")
	phone.types(`input[name="name"]`, who.Name)
	phone.types(`input[name="digits"]`, who.Phone[len(who.Phone)-4:])
	phone.click("form .big")
	phone.reads("验证这部手机")
	phone.picture("checkin-code-ask")
	phone.usable("checkin-code-ask")
	phone.click("form > .big")
	phone.types(`input[name="code"]`, codeOn(t, carrier, who.Phone))
	phone.picture("checkin-code")
	phone.usable("checkin-code")
	phone.click("form div .big")
	phone.reads("你要")
	phone.picture("checkin-way")
	phone.click("main .big")
	phone.reads("你已进场")
	phone.reads("在现场范围内")
	phone.reads("今天这里没有生效的预警")
	phone.picture("checkin-in")
	phone.usable("checkin-in")
	phone.keepsThePage()

	phone.network(false)
	phone.do("scan without a network", chromedp.Navigate(p.url+point.Path+"?t="+point.code(1)))
	phone.reads("你要")
	phone.click("main .second")
	phone.reads("已记在手机上")
	phone.reads("不知道现在有没有预警") // what was heard before is not today's truth
	phone.picture("checkin-offline")
	phone.network(true)
	phone.reads("你已离场")

	room.warns(lon, lat)
	phone.do("come back", chromedp.Navigate(p.url+point.Path+"?t="+point.code(-1)))
	phone.reads("红色 · 撤离")
	phone.picture("checkin-danger")
	phone.usable("checkin-danger")

	screen := phone.another()
	screen.do("the screen at the gate", chromedp.Navigate(p.url+point.Screen))
	screen.sees("the code", "svg.code path")
	screen.reads("进出扫码")
	screen.picture("checkin-screen")
	screen.usable("checkin-screen")
	screen.silent()
}

// holder is the person of an account, who has a phone.
func (p product) holder(t *testing.T, u demo.User) roster.Person {
	t.Helper()
	for _, person := range p.data.People {
		if person.ID == u.PersonID && person.Phone != "" {
			return person
		}
	}
	t.Fatal("the lead has no phone")
	return roster.Person{}
}

// standsAt lets the browser know where it is.
func (d *desk) standsAt(p product, lon, lat float64) {
	d.t.Helper()
	accuracy := 18.0
	_, err := chromedp.Call(d.ctx, emulation.SetGeolocationOverride, emulation.SetGeolocationOverrideParams{Latitude: &lat, Longitude: &lon, Accuracy: &accuracy})
	must(d.t, err)
	_, err = chromedp.Call(d.ctx, browser.SetPermission, browser.SetPermissionParams{Permission: &browser.PermissionDescriptor{Name: "geolocation"},
		Setting: browser.PermissionSettingGranted, Origin: p.url})
	must(d.t, err)
}

// keepsThePage waits until the page opens without a network.
func (d *desk) keepsThePage() {
	d.t.Helper()
	_, err := chromedp.Run(d.ctx, chromedp.Evaluate[bool]("navigator.serviceWorker.ready.then(() => true)", chromedp.EvalAwaitPromise))
	must(d.t, err)
}
