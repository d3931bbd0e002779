package app

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"muster/internal/clock"
)

// A bulletin with two names that nobody knows: the certain county is a draft at
// once, the two are on it, one is said not to be meant, the other is drawn, and
// then it goes out.
func TestABulletinWithUnreadNames(t *testing.T) {
	p := startProduct(t)
	d := openBrowser(t)
	d.signIn(p, "leader")
	d.click(byTest("paste"))
	d.types(byTest("paste-text"), "四川省气象台"+time.Now().In(clock.Shanghai).Format("2006年1月2日15时04分")+
		"发布大风蓝色预警：预计未来6小时，汉源县、汉元县、荥京县有大风。")
	d.click(byTest("paste-send"))
	d.sees("what was read", byTest("paste-open-draft"))
	d.picture("names-pasted")
	d.click(byTest("paste-open-draft"))
	d.sees("both names are on the draft", byTest("unread-name")+`[data-answer=""]:nth-child(2)`)
	d.sees("and in the list", byTest("inbox-unread"))
	d.picture("names-draft")
	d.usable("a draft with unread names")

	d.click(byTest("publish"))
	d.sees("it says what is still to do", byTest("publish-unread"))
	until[bool](d, "it cannot be published", `document.querySelector('[data-testid="publish-confirm"]')?.disabled === true`)
	d.picture("names-publish")
	d.do("back", chromedp.NavigateBack())

	d.click(byTest("unread-name") + ":nth-child(1) " + byTest("name-not-meant"))
	d.types(byTest("name-reason"), "电话问过省台，是汉源县的误写")
	d.picture("names-reason")
	d.click(byTest("name-confirm"))
	d.sees("the first is answered", byTest("unread-name")+`[data-answer="not_meant"]`)

	d.click(byTest("name-draw"))
	d.sees("the editor says what to draw", byTest("editor-unread"))
	d.click(byTest("tool-region"))
	d.types(byTest("region-search"), "荥经")
	d.click(byTest("region-511822000000"))
	d.picture("names-editor")
	d.click(byTest("save-draft"))
	d.click(byTest("name-drawn"))
	d.sees("the second is answered", byTest("unread-name")+`[data-answer="drawn"]`)
	d.picture("names-answered")
	d.click(byTest("publish"))
	d.click(byTest("publish-confirm"))
	d.sees("it is in force", byTest("lift"))
	d.silent()
}
