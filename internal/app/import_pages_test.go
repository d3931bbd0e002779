package app

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"
)

// A section's lead brings in a workbook of people: two lines are wrong and are
// named with what mends them; nothing is written until he takes the good ones;
// taken again there is nothing to change. Then their posts, teams and certificates.
func (p product) rosterComesAsAFile(t *testing.T) {
	lead := openBrowser(t)
	lead.signIn(p, "section")
	lead.do("open the people", chromedp.Navigate(p.url+"/people"))
	lead.sees("the people", byTest("registry-item"))
	lead.click(byTest("registry-import"))
	until[bool](lead, "people are meant", `document.querySelector('[data-testid="import-kind"]')?.value === 'people'`)
	lead.picture("import")
	lead.usable("import")

	people := workbookOf(t, "people.xlsx", [][]string{{"姓名", "手机号码", "身份证号"}, {"示例某甲", "14299990001", ""}, {"示例某乙", "12345", ""},
		{"示例某丙", "14299990003", "11010519491231002X"}, {"示例某丁", "14299990004", "110105194912310021"}})
	lead.brings(people)
	lead.reads("4 行，2 行没有问题，2 处要改")
	lead.reads("人员：新增 2")
	lead.reads("第 3 行、第 5 行不导入")
	lead.do("to the next fault", chromedp.KeyEvent("n"), chromedp.KeyEvent("n"))
	until[bool](lead, "the second fault has the keyboard", `document.activeElement?.dataset.line === '5'`)
	lead.picture("import-bad")
	lead.usable("import with faults")
	until[bool](lead, "pressed twice", `(b => (b.click(), b.click(), true))(document.querySelector('[data-testid="import-write"]'))`)
	lead.stands("done")
	lead.reads("导入了 2 行，2 行没有导入")
	lead.sees("what was written", byTest("import-done"))
	lead.picture("import-written")
	lead.usable("import done")

	lead.do("once more", chromedp.Navigate(p.url+"/imports/people"))
	lead.brings(people)
	lead.reads("没有问题的都已登记")
	lead.sees("there is nothing to take", byTest("import-write")+"[disabled]")
	lead.picture("import-again")

	lead.bringsCrew(p)
	lead.silent()
	lead.sendsNonsense(p, people) // the browser notes each refusal in its console
	lead.signsInAgain(people)
}

// sendsNonsense tries files that cannot be meant.
func (d *desk) sendsNonsense(p product, people string) {
	d.t.Helper()
	d.do("teams are meant", chromedp.Navigate(p.url+"/imports/teams"))
	d.chooses(written(d.t, "scan.pdf", "%PDF-1.7\n1 0 obj"))
	d.reads("这是 PDF，不是表格")
	d.picture("import-pdf")
	large := filepath.Join(d.t.TempDir(), "large.xlsx")
	must(d.t, os.WriteFile(large, nil, 0o600))
	must(d.t, os.Truncate(large, 200<<20))
	d.chooses(large)
	d.reads("有 200 MB，一次最多 64 MB")
	d.chooses(written(d.t, "empty.csv", ""))
	d.reads("是空的")
	d.chooses(workbookOf(d.t, "blank.xlsx", nil))
	d.reads("文件是空的")
	d.brings(people)
	d.reads("这个文件更像“人员”")
	d.picture("import-other")
	d.click(byTest("import-other"))
	d.reads("4 行，2 行没有问题")
}

// signsInAgain: the session is over while a file is looked at; it is still there
// afterwards.
func (d *desk) signsInAgain(people string) {
	d.t.Helper()
	until[bool](d, "the session ends elsewhere", `fetch('/api/v1/session', { method: 'DELETE' }).then(r => r.ok)`)
	d.chooses(people)
	d.types(byTest("login-name"), "section")
	d.types(byTest("login-password"), demoPassword)
	d.click(byTest("login-submit"))
	d.stands("checked")
	d.reads("people.xlsx")
}

// bringsCrew gives the two a post, a team and certificates, and finds them.
func (d *desk) bringsCrew(p product) {
	d.t.Helper()
	section := p.user(d.t, "section").SectionID
	code, project := "", ""
	for _, s := range p.data.Sections {
		if s.ID == section {
			code = s.Code
			for _, j := range p.data.Projects {
				if j.ID == s.ProjectID {
					project = j.Code
				}
			}
		}
	}
	day := func(days int) string { return time.Now().AddDate(0, 0, days).Format("2006-01-02") }
	at := project + "," + code + ",示例某甲,14299990001"
	d.imports(p, "posts", "项目,合同段,姓名,手机号码,岗位\n"+at+",安全员\n", 1)
	d.imports(p, "teams", "项目,合同段,姓名,手机号码,班组,工种,是否班组长\n"+at+",示例钢筋一班,钢筋工,是\n", 1)
	d.click(byTest("import-see"))
	d.types(byTest("registry-search"), "钢筋")
	until[bool](d, "the team is found", `document.querySelectorAll('[data-testid="registry-item"]').length === 1`)
	d.click(byTest("registry-item"))
	d.sees("who is in it", byTest("team-member"))
	until[bool](d, "what was searched for still stands there", `document.querySelector('[data-testid="registry-search"]').value === '钢筋'`)
	d.picture("team")
	d.usable("team")

	d.imports(p, "certificates", "姓名,手机号码,证书名称,证书编号,发证机关,有效期至\n示例某甲,14299990001,交安C证,示例00001111,示例厅,"+day(400)+
		"\n示例某甲,14299990001,电工证,示例00002222,示例局,"+day(10)+"\n示例某甲,14299990001,建造师,示例00003333,示例厅,"+day(-10)+"\n", 3)
	d.click(byTest("import-see"))
	until[bool](d, "the first to expire is on top", `document.querySelector('[data-testid="registry-item"]')?.innerText.includes('建造师')`)
	d.click(byTest("registry-item"))
	d.reads("已过期：这个人不能再凭它上岗")
	d.picture("certificate")
	d.usable("certificate")
	d.do("what expires soon", chromedp.Navigate(p.url+"/certificates?status=soon"))
	until[bool](d, "one expires soon", `(r => r.length === 1 && r[0].innerText.includes('电工证'))(document.querySelectorAll('[data-testid="registry-item"]'))`)
	d.picture("certificates-soon")
}

// imports brings a table of a kind in which nothing is wrong.
func (d *desk) imports(p product, kind, text string, rows int) {
	d.t.Helper()
	d.do("bring "+kind, chromedp.Navigate(p.url+"/imports/"+kind))
	d.brings(written(d.t, kind+".csv", text))
	d.click(byTest("import-write"))
	d.reads("导入了 " + strconv.Itoa(rows) + " 行")
	d.picture("import-" + kind)
}

func (d *desk) chooses(file string) {
	d.t.Helper()
	d.do("choose the file", chromedp.SetUploadFiles(chromedp.CSS(byTest("import-file")), []string{file}))
}

func (d *desk) brings(file string) {
	d.t.Helper()
	d.chooses(file)
	d.stands("checked")
}

func (d *desk) stands(stage string) {
	d.t.Helper()
	d.sees("the import is "+stage, byTest("import")+`[data-stage="`+stage+`"]`)
}

// workbookOf is a file of rows as a spreadsheet program writes it.
func workbookOf(t *testing.T, name string, rows [][]string) string {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for i, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		must(t, err)
		must(t, book.SetSheetRow("Sheet1", cell, &row))
	}
	path := filepath.Join(t.TempDir(), name)
	must(t, book.SaveAs(path))
	return path
}
