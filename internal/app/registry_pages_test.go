package app

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"
)

// The registry's pages, in a real browser on the real product.
func TestRegistryPages(t *testing.T) {
	p := startProduct(t)
	t.Run("a gate comes into service", p.gateComesIntoService)
	t.Run("a standing authorisation is signed and ended", p.standingIsSignedAndEnded)
	t.Run("a roster comes as a file", p.rosterComesAsAFile)
}

// A section gets a new turnstile. Its lead registers it and is given the address,
// once; the duty leader refuses and he applies again; she agrees; the device pushes who came in, and one record with
// the clock of the factory; the page says that it is heard, and what was kept aside.
// Another terminal knocks that nobody registered, and is adopted. Then it is said
// what it means to take the first one out of use.
func (p product) gateComesIntoService(t *testing.T) {
	site := p.siteWithout(t)
	lead := openBrowser(t)
	lead.signIn(p, "section")
	address := lead.registersGate(p, site.name)
	person := p.strangers(site.id, 1)[0]
	if status, _ := p.push(t, address, person); status != http.StatusConflict {
		t.Errorf("before anybody agreed it is answered %d", status)
	}

	leader := lead.another()
	leader.signIn(p, "leader")
	leader.refusesGate(p, "点位不对，请核对")
	lead.appliesAgain("点位不对，请核对")
	leader.agrees(p)
	if status, answer := p.push(t, address, person); status != http.StatusOK || !strings.Contains(answer, `"accepted":1`) || !strings.Contains(answer, `"clock_1970"`) {
		t.Fatalf("the device is answered %d %s", status, answer)
	}
	lead.sees("it is heard", byTest("gate-health")+`[data-state="active"]`)
	until[bool](lead, "a moment ago", `/秒前|刚刚/.test(document.querySelector('[data-testid="gate-heard"]')?.innerText)`)
	lead.do("open it again", chromedp.Reload())
	lead.sees("what was kept aside", byTest("gate-aside")+" details")
	lead.reads("出厂时间")
	until[bool](lead, "the token is not said again", `document.querySelector('[data-testid="gate-url"]')?.innerText.includes('…')`)
	lead.click(byTest("gate-aside") + " summary")
	lead.picture("gate-heard")
	lead.usable("gate in service")

	lead.adopts(p, site.name)
	lead.saysWhatDisablingMeans(p)
	lead.silent()
	leader.silent()
}

// What goes out by itself is signed by a duty leader, stands in one sentence, and
// is ended with a reason. An officer sees it and cannot sign.
func (p product) standingIsSignedAndEnded(t *testing.T) {
	leader := openBrowser(t)
	leader.signIn(p, "leader")
	leader.click(byTest("nav-standing"))
	leader.click(byTest("standing-new"))
	leader.types(byTest("standing-title"), "汛期黄色暴雨自动转发")
	for _, box := range []string{"standing-yellow", "standing-rain", "standing-flash_flood", "standing-source"} {
		leader.click(byTest(box))
	}
	leader.types(byTest("standing-km2"), "3000")
	leader.types(byTest("standing-sites"), "60")
	leader.fills(byTest("standing-until"), time.Now().AddDate(0, 3, 0).Format("2006-01-02")+"T20:00")
	until[bool](leader, "the sentence that is signed", `document.querySelector('[data-testid="standing-preview"]')?.innerText.includes('暴雨、山洪预警，等级为黄色、蓝色，区域不超过 3,000 km²、受影响点位不超过 60 个')`)
	leader.picture("standing-form")
	leader.usable("standing form")
	leader.click(byTest("standing-sign"))
	leader.sees("it holds", byTest("standing-sheet")+`[data-state="in_force"]`)
	leader.picture("standing")
	leader.usable("standing")

	officer := leader.another()
	officer.signIn(p, "province")
	officer.click(byTest("nav-standing"))
	officer.sees("the officer sees it", byTest("standing-item")+`[data-state="in_force"]`)
	until[bool](officer, "and cannot sign", `!document.querySelector('[data-testid="standing-new"]')`)

	leader.click(byTest("revoke"))
	leader.types(byTest("revoke-reason"), "台风过境，改为人工发布")
	leader.picture("standing-revoke")
	leader.click(byTest("language"))
	leader.reads("Standing")
	leader.picture("standing-en")
	leader.click(byTest("language"))
	leader.click(byTest("revoke-confirm"))
	leader.sees("it is ended", byTest("standing-sheet")+`[data-state="revoked"]`)
	leader.reads("台风过境，改为人工发布")

	leader.registersCompany(p, "示例隧道工程公司九")
	leader.givesPost(p)
	leader.silent()
	officer.silent()
}

type namedSite struct {
	id   uuid.UUID
	name string
}

// siteWithout is a site of the section's lead at which nothing counts who is there.
func (p product) siteWithout(t *testing.T) namedSite {
	t.Helper()
	section := p.user(t, "section").SectionID
	counted := map[uuid.UUID]bool{}
	for _, d := range p.data.Devices {
		counted[d.SiteID] = true
	}
	for _, s := range p.data.Sites {
		if s.SectionID == section && !counted[s.ID] {
			return namedSite{s.ID, s.Name}
		}
	}
	t.Fatal("each site of the section has a gate")
	return namedSite{}
}

// registersGate fills in the application and takes down the address that is shown once.
func (d *desk) registersGate(p product, site string) string {
	d.t.Helper()
	d.do("open the devices", chromedp.Navigate(p.url+"/devices"))
	d.sees("the list of devices", byTest("registry-item"))
	d.picture("devices")
	d.click(byTest("tab-gates"))
	d.click(byTest("gate-register"))
	d.types(byTest("gate-serial"), "ZJ-2026-0117")
	d.types(byTest("gate-site"), site)
	d.click(byTest("pick"))
	d.click(byTest("protocol-push"))
	d.types(byTest("gate-readers"), "1 进\n2 出")
	d.types(byTest("gate-silent"), "4")
	d.picture("gate-new")
	d.usable("gate application")
	d.click(byTest("gate-save"))
	d.sees("it waits for the authority", byTest("gate-health")+`[data-state="waiting"]`)
	address := until[string](d, "the address is shown", `(x => x?.includes('/gate/push/') && !x.includes('…') && x)(document.querySelector('[data-testid="gate-url"]')?.innerText)`)
	d.picture("gate-waiting")
	return address
}

// refusesGate says no to the application that waits, and why.
func (d *desk) refusesGate(p product, why string) {
	d.t.Helper()
	d.do("open what waits", chromedp.Navigate(p.url+"/gates?state=waiting"))
	d.click(byTest("gate-item") + `[data-state="waiting"]`)
	d.click(byTest("gate-refuse"))
	d.types(byTest("gate-refuse-reason"), why)
	d.picture("gate-refuse")
	d.usable("refusing an application")
	d.click(byTest("gate-refuse-confirm"))
	d.sees("it is refused", byTest("gate-refused"))
}

// appliesAgain reads why an application was refused, and makes it again.
func (d *desk) appliesAgain(why string) {
	d.t.Helper()
	d.sees("it was refused", byTest("gate-refused"))
	d.reads(why)
	d.picture("gate-refused")
	d.click(byTest("gate-apply"))
	d.sees("it waits again", byTest("gate-health")+`[data-state="waiting"]`)
}

func (d *desk) agrees(p product) {
	d.t.Helper()
	d.do("open what waits", chromedp.Navigate(p.url+"/gates?state=waiting"))
	d.click(byTest("gate-item") + `[data-state="waiting"]`)
	d.click(byTest("gate-approve"))
	d.sees("it is agreed to and was never heard", byTest("gate-health")+`[data-state="silent"]`)
	d.picture("gate-agreed")
}

// push is what the device sends: somebody came in, and a record from 1970.
func (p product) push(t *testing.T, address string, person uuid.UUID) (int, string) {
	t.Helper()
	pass := map[string]any{"event_key": "1", "time": time.Now(), "person_id": person, "reader": "1"}
	broken := map[string]any{"event_key": "2", "time": "1970-01-01T08:00:00+08:00", "person_id": person, "reader": "1"}
	body, err := json.Marshal(map[string]any{"passes": []any{pass, broken}})
	must(t, err)
	return p.knock(t, http.MethodPost, address, body)
}

func (p product) knock(t *testing.T, method, url string, body []byte) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(body))
	must(t, err)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	must(t, err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	must(t, err)
	return response.StatusCode, string(answer)
}

// adopts a terminal that asks for its options and is in no register.
func (d *desk) adopts(p product, site string) {
	d.t.Helper()
	p.knock(d.t, http.MethodGet, p.url+"/iclock/cdata?SN=CKJF200160001&options=all", nil)
	d.do("look who knocks", chromedp.Navigate(p.url+"/gates?state=unknown"))
	d.click(byTest("gate-unknown"))
	d.types(byTest("adopt-site"), site)
	d.click(byTest("pick"))
	d.picture("gate-adopt")
	d.click(byTest("adopt-save"))
	d.sees("it waits for the authority", byTest("gate-health")+`[data-state="waiting"]`)
	d.reads("CKJF200160001")
	d.picture("gate-adopted")
}

func (d *desk) saysWhatDisablingMeans(p product) {
	d.t.Helper()
	d.do("open the list", chromedp.Navigate(p.url+"/gates"))
	d.click(byTest("gate-item") + `[data-state="active"]`)
	d.sees("the device", byTest("gate-health")+`[data-state="active"]`)
	d.click(byTest("switch"))
	d.reads("还有 1 台设备在计人")
	d.picture("gate-disable")
	d.click(byTest("switch-confirm"))
	d.reads("这台设备停用了")
}

func (d *desk) registersCompany(p product, name string) {
	d.t.Helper()
	d.do("open the projects", chromedp.Navigate(p.url+"/projects"))
	d.turnsTo("tab-companies")
	d.click(byTest("registry-new"))
	d.types(byTest("f-name"), name)
	d.picture("company-new")
	d.click(byTest("record-save"))
	until[bool](d, "it is shown", `document.querySelector('[data-testid="record-panel"]')?.innerText.includes(`+quoted(name)+`)`)
}

func (d *desk) turnsTo(tab string) {
	d.t.Helper()
	d.click(byTest(tab))
	d.sees("the other table", byTest(tab)+`[aria-current="page"]`)
}

// givesPost makes somebody of a section its safety head.
func (d *desk) givesPost(p product) {
	d.t.Helper()
	d.turnsTo("tab-sections")
	until[bool](d, "the sections are listed", `document.querySelector('[data-testid="registry-item"]')?.href.includes('/sections/')`)
	d.click(byTest("registry-item"))
	d.sees("who answers for it", byTest("posts"))
	d.picture("section")
	d.usable("section")
	const posts = `Number(document.querySelector('[data-testid="posts"] .cnt')?.innerText)`
	before := until[int](d, "they are counted", posts)
	d.click(byTest("post-add"))
	d.types(byTest("post-who"), p.data.People[0].Name)
	d.click(byTest("pick"))
	d.types(byTest("post-role"), "安全总监")
	d.picture("post-form")
	d.click(byTest("post-save"))
	until[bool](d, "there is one post more", posts+" === "+strconv.Itoa(before+1))
}

// fills sets a field whose typing depends on the browser's language, at once: a page
// that is drawn anew in between would take it back.
func (d *desk) fills(selector, value string) {
	d.t.Helper()
	until[bool](d, "fill "+selector, `(e => e && (e.value = `+quoted(value)+`, e.dispatchEvent(new Event('input')), e.dispatchEvent(new Event('change')), true))(document.querySelector(`+quoted(selector)+`))`)
}
