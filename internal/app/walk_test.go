package app

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp"
)

// Two at one draft: a forwarded text becomes a draft by hand that says whose
// warning it is; while the officer changes it the leader opens it too and is told,
// before and after it is stored; asked for the second look, she finds it in her
// inbox and agrees; the officer publishes without loading anything again.
func TestTwoAtOneDraft(t *testing.T) {
	p := startProduct(t)
	officer := openBrowser(t)
	officer.signIn(p, "province")
	officer.writesByHand("【示例市气象台】2026年7月18日3时20分发布暴雨橙色预警信号：汉源县将有强降水。", "示例市气象台")
	draft := until[string](officer, "the draft is open", `document.querySelector('[data-warning]')?.dataset.warning`)

	officer.click(byTest("edit"))
	officer.sees("the editor", byTest("preview-sites"))
	leader := officer.another()
	leader.signIn(p, "leader")
	leader.do("open the same draft", chromedp.Navigate(p.url+"/warnings/"+draft+"/edit"))
	leader.sees("somebody else has it", byTest("taken-by"))
	officer.types(byTest("note"), "沿河驻地先叫")
	officer.click(byTest("save-draft"))
	leader.sees("it was changed elsewhere", byTest("changed-elsewhere"))
	leader.reads("改了说明")
	leader.picture("changed-elsewhere")
	leader.clickLoads(byTest("take-theirs"))
	until[bool](leader, "what was stored is here", `document.querySelector('[data-testid="note"]')?.value === '沿河驻地先叫'`)

	officer.asksOfficer()
	leader.do("go to the inbox", chromedp.Navigate(p.url+"/"))
	leader.sees("she is asked to look", byTest("inbox-item")+`[data-id="`+draft+`"] `+byTest("look-wanted"))
	leader.do("look", chromedp.Navigate(p.url+"/warnings/"+draft+"/publish"))
	leader.click(byTest("look-approve"))
	officer.sees("it was agreed to", byTest("second-look")+`[data-state="approved"]`)
	officer.click(byTest("publish-confirm"))
	officer.sees("it is in force", byTest("lift"))
	leader.sees("she is told that it is out", byTest("gone"))
}

// clickLoads clicks what makes the page load itself anew, and waits for that.
func (d *desk) clickLoads(selector string) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.ctx, patience)
	defer cancel()
	_, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(selector)))
	must(d.t, err)
}

// writesByHand pastes what no parser reads and writes the draft from it.
func (d *desk) writesByHand(text, issuer string) {
	d.t.Helper()
	d.click(byTest("paste"))
	d.types(byTest("paste-text"), text)
	d.click(byTest("paste-send"))
	d.click(byTest("paste-by-hand"))
	d.sees("what was read in the text", byTest("relay-read"))
	until[bool](d, "whose warning it is", `document.querySelector('[data-testid="relay-issuer"]').value === `+quoted(issuer))
	until[bool](d, "who is under it", `Number(document.querySelector('[data-testid="preview-sites"]')?.innerText) > 0`)
	d.picture("by-hand")
	d.usable("by hand")
	d.click(byTest("save-draft"))
	d.sees("the draft", byTest("publish")+":not([disabled])")
	d.reads("转发 · " + issuer)
}

// asksOfficer asks a second officer for the second look.
func (d *desk) asksOfficer() {
	d.t.Helper()
	d.sees("the draft", byTest("discard"))
	d.click(byTest("publish"))
	d.click(`input[name="look"][value="officer"]`)
	d.click(byTest("look-ask"))
	d.sees("it is asked for", byTest("second-look")+`[data-state="asked"]`)
}
