package app

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"
)

// The stormy evening at the desk, in a real browser on the real product: two
// drafts wait, the officer of the province opens one and sees who is under it
// and why, publishes it, watches people come in, lifts it; the officer of a
// county follows it and sees her own county only.
func TestDeskStory(t *testing.T) {
	p := startProduct(t)
	province := openBrowser(t)
	province.signIn(p, "province")
	province.sees("the map is drawn", byTest("map")+`[data-ready="true"]`)
	province.sees("the live line stands", byTest("live-state")+`[data-state="live"]`)

	flood := province.opensDraft("山洪")
	province.picture("draft")
	province.usable("draft")
	province.changesOne("坡体已支护，监理同意只停工")
	province.publishes("值班测试 02:18 电话，同意发布")
	province.picture("active")
	province.usable("warning")

	shimian := province.another()
	shimian.signIn(p, "shimian")
	shimian.seesOnlyHerCounty(p, flood)
	shimian.picture("county")

	site := shimian.firstSiteWithGate(p)
	before, there := province.peopleAt(site), shimian.peopleAt(site)
	p.goIn(t, site, p.strangers(site, 5))
	province.countRises(site, before)
	shimian.countRises(site, there)

	province.opensSite(site)
	province.lifts("雨区已移出，会商同意解除")
	province.picture("lifted")
	shimian.reads("已解除")

	province.draws()
	province.leavesOut("已停工撤场，今晨核实无人")

	province.silent()
	shimian.silent()
}

func (d *desk) signIn(p product, login string) {
	d.t.Helper()
	d.do("open the login page", chromedp.Navigate(p.url+"/login"))
	d.types(byTest("login-name"), login)
	d.picture("login")
	d.usable("login")
	d.types(byTest("login-password"), demoPassword)
	d.click(byTest("login-submit"))
	d.sees("who is signed in", byTest("me"))
}

// opensDraft picks the draft of a hazard among the two that wait and returns the
// warning's id.
func (d *desk) opensDraft(hazard string) string {
	d.t.Helper()
	waiting := `[...document.querySelectorAll('[data-testid="inbox-item"]')]`
	until[bool](d, "two drafts wait", waiting+".length === 2")
	id := until[string](d, "one of them is about "+hazard, waiting+`.find(e => e.innerText.includes(`+quoted(hazard)+`))?.dataset.id`)
	d.click(byTest("inbox-item") + `[data-id="` + id + `"]`)
	d.sees("the draft is open", `[data-warning="`+id+`"] `+byTest("publish"))
	d.reads("登记的行政区划在预警区划内")
	until[bool](d, "every target has a measure, a reason and a number of people",
		`(rows => rows.length > 0 && rows.every(r => /撤离|就地避险|禁入|停工|加密巡查|阅知/.test(r.innerText)
			&& r.innerText.includes('区划') && r.querySelector('[data-testid="people-certain"]')))`+targetRows)
	return id
}

const targetRows = `([...document.querySelectorAll('[data-testid="targets-row"]')])`

// changesOne asks one site for less than the rule book does, and says why.
func (d *desk) changesOne(reason string) {
	d.t.Helper()
	d.click(byTest("edit"))
	d.sees("the editor with its targets", byTest("add-site"))
	site := until[string](d, "a site should leave", targetRows+`.find(r => r.innerText.includes('撤离'))?.dataset.site`)
	d.click(byTest("targets-row") + `[data-site="` + site + `"]`)
	d.types(byTest("choice-measure"), "停工")
	d.types(byTest("choice-reason"), reason)
	d.click(byTest("choice-confirm"))
	row := fmt.Sprintf(`document.querySelector('[data-testid="targets-row"][data-site="%s"]')?.textContent`, site)
	until[bool](d, "it is to stop work, with the officer's reason", row+`.includes(`+quoted("值班员改为停工："+reason)+`)`)
	d.click(byTest("save-draft"))
	d.sees("the draft is shown again", byTest("discard"))
	until[bool](d, "the draft has the change", row+`.includes(`+quoted("值班员改为停工："+reason)+`)`)
}

// publishes as a duty officer, who has to say which leader agreed.
func (d *desk) publishes(authorisation string) {
	d.t.Helper()
	d.click(byTest("publish"))
	d.sees("the check before publishing", byTest("authorisation"))
	d.sees("nothing is published without the word of a leader", byTest("publish-confirm")+"[disabled]")
	d.types(byTest("authorisation"), authorisation)
	d.picture("confirm")
	d.usable("publish check")
	d.click(byTest("publish-confirm"))
	d.sees("it is in force", byTest("lift"))
	d.sees("the numbers of the publication stand beside those of now", byTest("frozen-people"))
}

// seesOnlyHerCounty: no draft, the one warning in force, of its targets only
// those in the county.
func (d *desk) seesOnlyHerCounty(p product, warning string) {
	d.t.Helper()
	d.sees("the warning is open", `[data-warning="`+warning+`"] `+byTest("live-people"))
	until[bool](d, "one warning is in the list", `document.querySelectorAll('[data-testid="inbox-item"]').length === 1`)
	until[bool](d, "all targets lie in the county", `(rows => rows.length > 0 && rows.every(r => r.innerText.includes('石棉县')))`+targetRows)
	mine := 0
	for _, s := range p.data.Sites {
		if s.Region == "511824000000" {
			mine++
		}
	}
	if n := until[int](d, "the map is read", `document.querySelectorAll('[data-testid="targets-row"]').length`); n != mine {
		d.t.Errorf("%d targets, but the county has %d sites and all of them are under the warning", n, mine)
	}
}

// firstSiteWithGate picks the first target whose people are counted by a gate.
func (d *desk) firstSiteWithGate(p product) uuid.UUID {
	d.t.Helper()
	shown := until[[]string](d, "targets have sites", targetRows+".map(r => r.dataset.site)")
	for _, site := range shown {
		for _, g := range p.data.Devices {
			if g.SiteID.String() == site {
				return g.SiteID
			}
		}
	}
	d.t.Fatal("no target has a gate")
	return uuid.Nil
}

func certainAt(site uuid.UUID) string {
	return fmt.Sprintf(`Number(document.querySelector('[data-testid="targets-row"][data-site="%s"] [data-testid="people-certain"]')?.innerText.replace(',', ''))`, site)
}

func (d *desk) peopleAt(site uuid.UUID) int {
	d.t.Helper()
	return until[int](d, "the row of the site", certainAt(site)+" + 1") - 1
}

// countRises waits for the live number. Somebody else's evidence may grow stale
// in the same moment, so it is only asked to be more than before.
func (d *desk) countRises(site uuid.UUID, before int) {
	d.t.Helper()
	until[bool](d, "the people who came in are counted", fmt.Sprintf("%s > %d", certainAt(site), before))
}

func (d *desk) opensSite(site uuid.UUID) {
	d.t.Helper()
	d.click(fmt.Sprintf(`%s[data-site="%s"]`, byTest("targets-row"), site))
	d.sees("the site's panel", byTest("site-panel")+" "+byTest("people-certain"))
	d.reads("秒前")
	d.picture("site")
	d.click(byTest("site-close"))
}

func (d *desk) lifts(reason string) {
	d.t.Helper()
	d.click(byTest("lift"))
	d.types(byTest("lift-reason"), reason)
	d.picture("lift")
	d.click(byTest("lift-confirm"))
	d.reads("已解除")
}

// draws a triangle with the mouse and sees at once who is in it.
func (d *desk) draws() {
	d.t.Helper()
	d.click(`a[href="/new"]`)
	d.sees("the drawing tools are ready", `[role="toolbar"][data-ready="true"]`)
	for _, corner := range [][2]float64{{250, 150}, {800, 170}, {520, 640}} {
		d.do("set a corner", chromedp.MouseEvent("mouseMoved", corner[0], corner[1]), chromedp.MouseClickXY(corner[0], corner[1]))
	}
	d.do("close the triangle", chromedp.KeyEvent("\r"))
	until[bool](d, "the sites in the triangle are listed", `Number(document.querySelector('[data-testid="preview-sites"]')?.innerText) > 0 && `+targetRows+`.length > 0`)
	d.picture("new")
	d.usable("editor")
}

// leavesOut drops the first target of what is being drawn.
func (d *desk) leavesOut(reason string) {
	d.t.Helper()
	site := until[string](d, "there is a target", targetRows+"[0]?.dataset.site")
	d.click(byTest("targets-row") + `[data-site="` + site + `"]`)
	d.types(byTest("choice-measure"), "去掉")
	d.types(byTest("choice-reason"), reason)
	d.picture("choice")
	d.click(byTest("choice-confirm"))
	until[bool](d, "it is dropped, with the reason", `document.querySelector('[data-testid="dropped"]')?.innerText.includes(`+quoted(reason)+`)`)
	until[bool](d, "it is no target any more", `!`+targetRows+`.some(r => r.dataset.site === `+quoted(site)+`)`)
	d.picture("dropped")
}
