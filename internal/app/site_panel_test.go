package app

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"

	"muster/internal/clock"
	"muster/internal/postgres"
	"muster/internal/roster"
)

// What a section does at its site: it puts a printed code on a wall and a screen at
// the gate, sends somebody on leave and sees that one less is expected; somebody who
// came in two hours ago is heard of only now, and the page says what was known then.
// The site's lead ends the leave on his phone, without a network at first.
func TestSitePanelStory(t *testing.T) {
	var carrier string
	var db *postgres.DB
	p := startProduct(t, func(s *service) {
		db = s.db
		var err error
		carrier, err = s.withCarrier(t.Context(), "http://127.0.0.1:9") // nothing listens there: no receipts
		must(t, err)
	})
	site := p.user(t, "site").SiteID
	lead := openBrowser(t)
	lead.signIn(p, "section")
	lead.do("open the site", chromedp.Navigate(p.url+"/sites/"+site.String()))
	expected := until[int](lead, "how many are expected", expectedPeople)
	lead.picture("site-panel")
	lead.usable("site panel")

	away := p.sleeper(t, site)
	lead.setsUpPoints(func(point uuid.UUID) { scansTwice(t, db, point, away.ID) })
	lead.givesLeave(away.Name, "探亲（示例）")
	until[bool](lead, "one less is expected", fmt.Sprintf("%s === %d", expectedPeople, expected-1))
	lead.picture("site-leave")
	lead.usable("leaves")
	lead.click(byTest("to-site"))
	until[bool](lead, "on the panel too", fmt.Sprintf("%s === %d", expectedPeople, expected-1))

	phone := lead.another()
	phone.isPhone(360, 740)
	phone.signsInByPhone(p, carrier, p.phoneOf(t, p.user(t, "site")))
	phone.comesBack(site)
	until[bool](lead, "he is expected again, without a reload", fmt.Sprintf("%s === %d", expectedPeople, expected))
	phone.sendsAway()

	came := time.Now().Add(-2 * time.Hour)
	p.goInAt(t, site, p.strangers(site, 2), came) // the backlog of the gate
	lead.looksBack(came.Add(2 * time.Minute))
	lead.silent()
}

const expectedPeople = `Number(document.querySelector('[data-testid="expected-people"]')?.innerText.replace(',', ''))`

// setsUpPoints puts up a sheet and a screen, opens the screen, and takes the sheet down.
func (d *desk) setsUpPoints(scan func(point uuid.UUID)) {
	d.t.Helper()
	d.click(byTest("to-checkin"))
	d.click(byTest("point-add"))
	d.types(byTest("point-title"), "集合点")
	d.types(byTest("point-kind"), "张贴")
	d.types(byTest("point-purpose"), "集合点")
	d.sees("a printed code proves little", byTest("point-weak"))
	d.picture("checkin-point-printed")
	d.usable("check-in point form")
	d.click(byTest("point-save"))
	d.sees("its poster opens beside the page", byTest("point")+`[data-kind="printed"] `+byTest("poster")+`[target="_blank"]`)

	d.click(byTest("point-add"))
	d.types(byTest("point-title"), "大门")
	d.click(byTest("point-save"))
	screen := until[string](d, "the address of the screen", `document.querySelector('[data-testid="screen-url"]')?.innerText`)
	d.picture("checkin-point-screen")
	d.usable("check-in points")
	wall := d.another()
	wall.do("open the screen", chromedp.Navigate(screen))
	wall.sees("the code", "svg.code path")
	wall.silent()

	d.click(byTest("point") + `[data-kind="printed"] ` + byTest("point-close"))
	d.reads("撤离时只能点名")
	d.picture("checkin-point-close")
	d.click(byTest("point-close-confirm"))
	until[bool](d, "the screen is left", `document.querySelectorAll('[data-testid="point"]').length === 1`)
	scan(uuid.MustParse(until[string](d, "which point it is", `document.querySelector('[data-testid="point"]')?.dataset.id`)))
	d.do("look again", chromedp.Reload())
	d.sees("what was scanned", byTest("scan")+`[data-outcome="far_away"]`)
	d.picture("checkin-scans")
	d.usable("recent check-ins")
	d.click(byTest("scans-doubtful"))
	until[bool](d, "the doubtful one alone", `(rows => rows.length === 1 && rows[0].innerText.includes('位置在范围外'))([...document.querySelectorAll('[data-testid="scan"]')])`)
	d.click(byTest("to-site"))
	d.reads("屏幕动态码")
	until[bool](d, "the address is not said again", `!document.body.innerText.includes('/checkin/screen/')`)
}

// scansTwice writes down a scan that counts, and one from the next valley.
func scansTwice(t *testing.T, db *postgres.DB, point, person uuid.UUID) {
	t.Helper()
	now, near, far, exact := clock.System{}.Now(), 40, 2310, 15
	scan := postgres.CheckinScan{ID: uuid.New(), PointID: point, PersonID: person, PhoneID: uuid.New(), Direction: "in", At: now.Add(-time.Hour), SaidAt: now.Add(-time.Hour),
		ReceivedAt: now.Add(-time.Hour), DistanceM: &near, AccuracyM: &exact, Fence: "inside", Flags: []string{}, Outcome: string(roster.CheckinCounted)}
	_, err := db.KeepScan(t.Context(), scan)
	must(t, err)
	scan.ID, scan.At, scan.DistanceM, scan.Fence, scan.Outcome = uuid.New(), now.Add(-20*time.Minute), &far, "outside", string(roster.CheckinFarAway)
	scan.ReceivedAt, scan.Flags = now, []string{string(roster.FlagOutside), string(roster.FlagUnproven), string(roster.FlagLate)}
	_, err = db.KeepScan(t.Context(), scan)
	must(t, err)
}

// sleeper sleeps at a site and is not there now.
func (p product) sleeper(t *testing.T, site uuid.UUID) roster.Person {
	t.Helper()
	last := map[uuid.UUID]roster.Pass{}
	for pass := range p.data.Passes() {
		if pass.DeviceTime.After(last[pass.PersonID].DeviceTime) {
			last[pass.PersonID] = pass
		}
	}
	out := map[uuid.UUID]bool{}
	for _, b := range p.data.Beds {
		l := last[b.PersonID]
		out[b.PersonID] = b.SiteID == site && (l.SiteID != site || l.Direction == roster.Out)
	}
	for _, person := range p.data.People {
		if out[person.ID] {
			return person
		}
	}
	t.Fatal("everybody who sleeps there is there")
	return roster.Person{}
}

func (d *desk) givesLeave(name, why string) {
	d.t.Helper()
	d.click(byTest("to-expected"))
	d.sees("who is on shift", byTest("shifts")+" h2")
	d.click(byTest("leave-add"))
	d.types(byTest("leave-who"), name)
	d.click(byTest("pick"))
	d.types(byTest("leave-words"), why)
	d.picture("site-leave-form")
	d.usable("leave form")
	d.click(byTest("leave-save"))
	d.sees("he is away", byTest("leave")+`[data-stage="away"]`)
}

// comesBack: the lead of the site ends the leave while he has no network.
func (d *desk) comesBack(site uuid.UUID) {
	d.t.Helper()
	d.goes("site/" + site.String())
	until[bool](d, "how many are there", `/确定 \d/.test(document.querySelector('.facts')?.innerText)`)
	d.picture("field-site")
	d.click(byTest("to-leave"))
	d.sees("who is away", byTest("leave"))
	d.picture("field-leave")
	d.usable("field-leave")
	d.network(false)
	d.click(byTest("leave-back-now"))
	d.click(byTest("leave-back-sure"))
	d.reads("存在手机里，没发出")
	d.picture("field-leave-kept")
	d.usable("field-leave-kept")
	d.network(true)
	until[bool](d, "nobody is away any more", `!document.querySelector('[data-testid="leave"]')`)
}

// sendsAway: the first of the list goes, registered without a network.
func (d *desk) sendsAway() {
	d.t.Helper()
	d.network(false)
	until[bool](d, "somebody is chosen", `(s => s && (s.value = [...s.options].find(o => !o.disabled).value, s.dispatchEvent(new Event('change')), s.value !== ''))(document.querySelector('[data-testid="leave-who"]'))`)
	d.types(byTest("leave-words"), "看病（示例）")
	d.picture("field-leave-new")
	d.click(byTest("leave-send"))
	d.sees("it waits on the phone", byTest("leave-kept"))
	d.network(true)
	until[bool](d, "the duty room has it", `(l => l?.innerText.includes('看病') && !document.querySelector('[data-testid="leave-kept"]'))(document.querySelector('[data-testid="leave"]'))`)
	d.picture("field-leave-arrived")
}

// looksBack reads what was known at an instant and what is known of it now.
func (d *desk) looksBack(at time.Time) {
	d.t.Helper()
	d.click(byTest("past-open"))
	when := at.In(clock.Shanghai).Format("2006-01-02T15:04")
	d.fills(byTest("past-at"), when)
	d.sees("both numbers", byTest("past-why"))
	// the demonstration's own gates may have been late as well, at some hours
	until[bool](d, "the two who were heard of late are named as the reason",
		`Number(/(\d+) 人在那之前的最后一条打卡当时还没收到/.exec(document.querySelector('[data-testid="past-why"]')?.innerText)?.[1]) >= 2`)
	d.do("bring it into sight", chromedp.Evaluate[chromedp.Void](`void document.querySelector('[data-testid="past"]').scrollIntoView({ block: 'end' })`))
	d.picture("site-past")
	d.usable("past instant")
	d.click(byTest("curve-picture"))
	until[bool](d, "a click on the curve picks another instant", `document.querySelector('[data-testid="past-at"]')?.value !== `+quoted(when))
}
