package httpapi_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"muster/internal/clock"
	"muster/internal/postgres/pgtest/valley"
)

// workbook opens an export.
func workbook(a answer) *excelize.File {
	a.w.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(a.must(200).Body))
	if err != nil {
		a.w.Fatalf("%s: %v", a.what, err)
	}
	a.w.Cleanup(func() { _ = f.Close() })
	return f
}

func rowsOf(t *testing.T, f *excelize.File, sheet string) [][]string {
	t.Helper()
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestEveryTableIsAWorkbook(t *testing.T) {
	w := newWorld(t)
	id := w.publish("province", instruction("blue", around(valley.Home, 5000))).ID.String()
	w.signed(object{})
	(&scenery{w: w}).gate(valley.Home)
	w.as("province").paste(misspelt(w))
	for path, want := range map[string]struct {
		sheet string
		rows  int
	}{
		"/sites/export.xlsx?region=511824":         {"点位", 2},
		"/companies/export.xlsx?kind=supervisor":   {"单位", 1},
		"/gates/export.xlsx?state=waiting":         {"设备接入", 1},
		"/standing-authorisations/export.xlsx":     {"常设授权", 1},
		"/messages/export.xlsx?outcome=held":       {"收到的预警信息", 1},
		"/inbound/export.xlsx":                     {"没有着落的回复", 0},
		"/alarms/export.xlsx":                      {"值守告警", 0},
		"/verify/export.xlsx":                      {"等核实", 0},
		"/evening-counts/export.xlsx":              {"每日报数", 2},
		"/projects/export.xlsx":                    {"项目", 3},
		"/sections/export.xlsx?kind=supervision":   {"合同段", 1},
		"/people/export.xlsx?q=工人":                 {"人员", 10},
		"/devices/export.xlsx":                     {"设备", 6},
		"/warnings/export.xlsx":                    {"预警", 2},
		"/warnings/" + id + "/targets/export.xlsx": {"受影响点位", 2},
		"/warnings/" + id + "/board/export.xlsx":   {"处置看板", 2},
	} {
		f := workbook(w.as("province-leader").get(path))
		if rows := rowsOf(t, f, want.sheet); len(rows) != want.rows+1 {
			t.Errorf("%s: %d rows, want %d", path, len(rows)-1, want.rows)
		}
		if said := rowsOf(t, f, "说明"); len(said) < 3 || said[0][1] != "province-leader" {
			t.Errorf("%s: does not say who and when: %v", path, said)
		}
	}
	if n := ask[int](w, "SELECT count(*) FROM audit WHERE act = 'export' AND actor = 'province-leader'"); n != 16 {
		t.Errorf("%d exports are written down", n)
	}
	if n := ask[int](w, "SELECT count(*) FROM audit WHERE act = 'export' AND detail::text LIKE '%工人%'"); n != 0 {
		t.Error("what was searched for is written down")
	}
	audit := rowsOf(t, workbook(w.as("auditor").get("/audit/export.xlsx")), "审计日志")
	exported := 0
	for _, line := range audit {
		if line[2] == "export" {
			exported++
		}
	}
	if exported != 16 {
		t.Errorf("%d of %d lines of the audit tell of exports", exported, len(audit))
	}
	w.as("viewer").get("/sites/export.xlsx").must(403)
}

// Who has not reported an evening stands first; a roll call has every name of its
// list; what waits to be verified names its warning.
func TestTheEveningTheRollAndTheClaimsAreWorkbooks(t *testing.T) {
	w := newWorld(t)
	day := valley.Evening.In(clock.Shanghai).Format(time.DateOnly)
	w.as("site").post("/sites/"+valley.ID(valley.Home).String()+"/evening-count", object{"day": day, "people": 23, "away": 2, "visitors": 0, "words": "两人请假"}).must(201)
	evening := rowsOf(t, workbook(w.as("section").get("/evening-counts/export.xlsx")), "每日报数")
	if len(evening) != 2 || evening[1][3] != "home" || evening[1][5] != "23" || evening[1][8] != "两人请假" {
		t.Errorf("%q", evening)
	}
	thread := w.evacuates(valley.Home)
	listed := len(read[struct{ People []struct{} }](w.as("section").get(thread + "/muster")).People)
	roll := rowsOf(t, workbook(w.as("section").get(thread+"/muster/export.xlsx")), "清点名单")
	if listed == 0 || len(roll) != listed+1 {
		t.Errorf("%d lines of %d people", len(roll)-1, listed)
	}
	warning := w.publish("province", instruction("blue", around(valley.Tunnel, 50)))
	w.asOwner("ALTER TABLE response DISABLE TRIGGER legal_step")
	w.sql("UPDATE response SET state = 'carried_out' WHERE warning_id = $1", warning.ID)
	claims := rowsOf(t, workbook(w.as("province").get("/verify/export.xlsx")), "等核实")
	if len(claims) != 2 || claims[1][0] != "山洪预警（示例）" || claims[1][6] != "已落实" {
		t.Errorf("%q", claims)
	}
}

// Nobody's name makes Excel compute anything.
func TestACellIsNeverAFormula(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"http://example.com\")"} {
		w.sql("UPDATE site SET name = $1, recorded_at = $2 WHERE id = $3", name, valley.Evening, valley.ID(valley.Home))
		f := workbook(w.as("province").get("/sites/export.xlsx?q=s-home"))
		formula, err := f.GetCellFormula("点位", "D2")
		if value, _ := f.GetCellValue("点位", "D2"); err != nil || formula != "" || value != name {
			t.Errorf("%q: formula %q, value %q", name, formula, value)
		}
	}
}

// A list of people shows what the role may see, in a workbook as well.
func TestAnExportMasksByRole(t *testing.T) {
	w := newWorld(t)
	quiet := rowsOf(t, workbook(w.as("yaan").get("/people/export.xlsx?q=驻地")), "人员")
	if len(quiet) != 2 || quiet[1][0] != "驻****" || strings.Contains(strings.Join(quiet[1], " "), valley.PhoneOfLead) {
		t.Errorf("%v", quiet)
	}
}

func TestAWarningOnPaper(t *testing.T) {
	w := newWorld(t)
	body := but(instruction("orange", around(valley.Home, 5000)), object{"title": "山洪<script>alert(1)</script>"})
	id := w.publish("province", body).ID.String()
	page := w.as("viewer").get("/warnings/" + id + "/print").must(200)
	text := string(page.Body)
	policy := page.Header.Get("Content-Security-Policy")
	if !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy %q", policy)
	}
	for _, not := range []string{"<script", "style=\"", "onload", "<img", "@import", valley.NameOfLead, valley.PhoneOfLead, "ZgotmplZ"} {
		if strings.Contains(text, not) {
			t.Errorf("the page has %q", not)
		}
	}
	for _, must := range []string{"<svg", "fill-opacity", "公里", "home", "tunnel", "橙", "viewer", "2026-07-10 21:30", "边界为示意", "（不显示）", "石棉"} {
		if !strings.Contains(text, must) {
			t.Errorf("the page lacks %q", must)
		}
	}
	if paths := regexp.MustCompile(`<path d="M[0-9.-]+ [0-9.-]+L`).FindAllString(text, -1); len(paths) < 2 {
		t.Errorf("%d shapes are drawn", len(paths))
	}
	if leader := w.as("province-leader").get("/warnings/" + id + "/print"); !leader.has(valley.NameOfLead) || !leader.has(valley.PhoneOfLead) {
		t.Error("a duty leader does not see who to call")
	}
	drill := w.publish("province", but(body, object{"mode": "exercise"})).ID.String()
	if !w.as("viewer").get("/warnings/" + drill + "/print").has("演练，非真实预警") {
		t.Error("a drill does not say so")
	}
}
