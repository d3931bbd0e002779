package app

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// A section's lead brings in a list of people: one line is wrong and is named with
// what mends it; nothing is written until he takes the good ones.
func (p product) rosterComesAsAFile(t *testing.T) {
	lead := openBrowser(t)
	lead.signIn(p, "section")
	lead.do("open the people", chromedp.Navigate(p.url+"/people"))
	lead.click(byTest("registry-import"))
	until[bool](lead, "people are meant", `document.querySelector('[data-testid="import-kind"]')?.value === 'people'`)
	site := p.siteWithout(t)
	file := written(t, "people.csv", "姓名,手机号码,身份证号,岗位,点位\n"+
		"示例某甲,14299990001,,驻地负责人,"+site.name+"\n"+
		"示例某乙,12345,11010519491231002X,工人,"+site.name+"\n")
	lead.do("choose the file", chromedp.SetUploadFiles(chromedp.CSS(byTest("import-file")), []string{file}))
	lead.click(byTest("import-check"))
	lead.sees("what is wrong", byTest("import-bad"))
	lead.reads("第 3 行")
	lead.picture("import-bad")
	lead.usable("import")
	lead.click(byTest("import-write"))
	lead.reads("写入了 1 行")
	lead.picture("import-written")
	lead.silent()
}
