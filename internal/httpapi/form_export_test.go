package httpapi_test

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/roster"
)

// A project that begins, on the printed forms, by invented people.
const (
	annex4 = "项目名称,单位类型,监理处,合同段,该合同由几处管辖,单位名称,统一社会信用代码,负责人,,系统管理员,,,计划开工日期\n,,,,,,,姓名,联系电话,姓名,身份证号码,手机号码,\n" +
		"示例工程P1,业主,/,/,/,示例项目公司一,,示例业主,19900000011,,,,\n" +
		"示例工程P1,施工,/,B7合同段,第JL7监理处,示例新公司,,示例某壬,19900000012,示例某癸,440307198303074015,19900000013,2018年5月20日\n" +
		"示例工程P1,监理,第JL7监理处,/,/,示例监理,,示例某子,19900000014,,,,\n" +
		"示例工程P1,检测,/,B7工地试验室,第JL7监理处,示例检测,,示例某丑,19900000015,,,,\n"
	table11 = "项目施工单位人员履约信息录入表 (表1-1)\n项目名称:,示例工程P1,合同段:,B7合同段,单位名称:,示例新公司\n序号,岗位,合同人员,资格证书及身份证号,变更人员,资格证书及身份证号,备注\n" +
		"1,项目经理,示例某寅,建造师:示例151 交安B证:示例B(15)G00001 身份证:11010519491231002X,,,\n" +
		"4,路基工程师,示例某癸,职称证:高级工程师 身份证:440307198303074015,,,\n"
	table12 = "项目监理机构人员履约信息录入表 (表1-2)\n项目名称:,示例工程P1,合同段:,第JL7监理处,单位名称:,示例监理\n序号,岗位,合同人员,资格证书及编号,变更人员,资格证书及编号,备注\n" +
		"1,驻地监理工程师,示例某辰,监理工程师证:示例JGS1 身份证:330281199001010013,,,\n" +
		"6,隧道总监,示例某卯,监理工程师证:示例JGS2 职称证:工程师 身份证:440308199901101512,,,\n"
	handedOver = "440308199901101512,示例某巳,监理工程师证:示例JGS3 身份证:440306199001010057\n"
)

// what is the meaning of a file, without where it stands in it.
func meaning(t *testing.T, kind roster.Kind, format roster.Format, b []byte) []string {
	t.Helper()
	f, err := roster.ParseImport(kind, format, bytes.NewReader(b), roster.Options{})
	if err != nil || len(f.Problems) > 0 {
		t.Fatalf("%v %v", err, f.Problems)
	}
	var all []string
	for _, r := range f.Companies {
		all = append(all, "company "+r.Company.Name+" "+string(r.Company.Kind)+" "+r.Company.USCC)
	}
	for _, r := range f.Sections {
		from := ""
		if !r.Section.From.IsZero() {
			from = r.Section.From.Format(time.DateOnly)
		}
		all = append(all, strings.Join([]string{"section", r.Project, r.Section.Code, string(r.Section.Kind), r.Company, r.SupervisedBy, from}, " "))
	}
	for _, r := range f.People {
		all = append(all, "person "+r.Person.Name+" "+r.Person.Phone+" "+r.Person.IDNumber)
	}
	for _, r := range f.Posts {
		all = append(all, strings.Join([]string{"post", r.Person.Name, string(r.Unit.Kind), r.Unit.Section.Project, r.Unit.Section.Section, string(r.Post.Role), r.Post.Title, "for", r.Instead.Name}, " "))
	}
	for _, r := range f.Certificates {
		all = append(all, "paper "+r.Person.Name+" "+r.Kind+" "+r.Number)
	}
	slices.Sort(all)
	return all
}

// kept is what the registry says, without when it was written down.
func (w *world) kept() []string {
	w.Helper()
	return ask[[]string](w, `SELECT array_agg(line ORDER BY line) FROM (
		SELECT concat_ws('|', 'company', id, name, uscc, kind) FROM company
		UNION ALL SELECT concat_ws('|', 'section', id, code, name, kind, company_id, supervised_by, status, valid_from) FROM section
		UNION ALL SELECT concat_ws('|', 'person', id, name, phone_hash, id_hash) FROM person
		UNION ALL SELECT concat_ws('|', 'post', id, person_id, unit_id, role, title, seat, valid_from, valid_until) FROM post
		UNION ALL SELECT concat_ws('|', 'paper', id, person_id, kind, number_hash, issuer, valid_from, valid_until) FROM certificate) x (line)`)
}

func (w *world) brings(login string, kind roster.Kind, format string, file []byte) {
	w.Helper()
	r := read[postgres.ImportResult](w.as(login).post("/imports/"+string(kind)+"?format="+format, file))
	if len(r.Bad) > 0 || r.Written != r.Rows {
		w.Fatalf("%s: %+v", kind, r)
	}
}

// The forms of a project are brought in and taken out again: they say the same, look
// like the forms, and bringing them in once more changes nothing.
func TestPrintedFormsComeBackAsTheyWent(t *testing.T) {
	w := newWorld(t)
	w.sql("UPDATE site SET closed_at = $1, recorded_at = $1 WHERE section_id IN ($2, $3)", valley.Evening, valley.ID("A1"), valley.ID("A2"))
	w.sql("UPDATE section SET status = 'finished', recorded_at = $1", valley.Evening)
	w.sql("UPDATE post SET valid_until = $1, recorded_at = $1 WHERE unit_id = $2 AND (valid_until IS NULL OR valid_until > $1)", valley.Evening, valley.ID("P1"))
	w.clock.Advance(time.Minute)
	w.brings("owner", roster.ContactList, "csv", []byte(annex4))
	w.brings("owner", roster.ContractStaff, "csv", []byte(table11+table12))
	w.sql("UPDATE certificate SET issuer = '示例机关', valid_until = $1, recorded_at = $1 WHERE kind = '建造师'", w.clock.Now().AddDate(1, 0, 0))
	w.clock.Advance(time.Hour)

	for kind, x := range map[roster.Kind]struct{ path, said string }{
		roster.ContactList:   {"/projects/contact_list.xlsx?project=" + valley.ID("P1").String(), annex4},
		roster.ContractStaff: {"/sections/contract_staff.xlsx?project=" + valley.ID("P1").String(), table11 + table12},
	} {
		sent := w.as("owner").get(x.path)
		sent.must(http.StatusOK)
		if diff := cmp.Diff(meaning(t, kind, roster.CSV, []byte(x.said)), meaning(t, kind, roster.XLSX, sent.Body)); diff != "" {
			t.Errorf("%s: brought in (-), taken out (+)\n%s", kind, diff)
		}
		before := w.kept()
		w.brings("owner", kind, "xlsx", sent.Body)
		if diff := cmp.Diff(before, w.kept()); diff != "" {
			t.Errorf("%s brought in again:\n%s", kind, diff)
		}
	}
	book := workbook(w.as("owner").get("/sections/contract_staff.xlsx"))
	table := rowsOf(t, book, "表1-2 监理 2")
	if table[0][0] != "项目监理机构人员履约信息录入表（表1-2）" || table[6][0] != "5" || table[7][1] != "隧道总监" || table[7][2] != "示例某卯" || !strings.HasPrefix(table[7][3], "监理工程师证：示例JGS2\n") ||
		table[4][1] != "副驻地监理工程师" || table[4][3] != "监理工程师证：\n职称证：\n身份证：" || !strings.HasPrefix(table[9][0], "项目监理单位负责人签名") {
		t.Errorf("%q", table)
	}
	if merged, err := book.GetMergeCells("表1-2 监理 2"); err != nil || len(merged) != 4 {
		t.Errorf("%d merged, %v", len(merged), err)
	}

	// Somebody takes a post over: both stand in the next form, each with his papers.
	w.clock.Advance(time.Hour)
	replaced := strings.Replace(table12, "440308199901101512,,,\n", handedOver, 1)
	w.brings("owner", roster.ContractStaff, "csv", []byte(replaced))
	w.clock.Advance(time.Hour)
	if diff := cmp.Diff(meaning(t, roster.ContractStaff, roster.CSV, []byte(table11+replaced)),
		meaning(t, roster.ContractStaff, roster.XLSX, w.as("owner").get("/sections/contract_staff.xlsx").Body)); diff != "" {
		t.Errorf("replaced: %s", diff)
	}
}

// A form holds numbers of identity cards: whole only for those who may bring such
// forms in, and it is written down whose.
func TestAFormShowsNumbersToWhoMayHaveThem(t *testing.T) {
	w := newWorld(t)
	w.brings("owner", roster.ContactList, "csv", []byte(annex4))
	w.brings("owner", roster.ContractStaff, "csv", []byte(table11+table12))
	w.clock.Advance(time.Minute)
	const card = "11010519491231002X"
	for _, path := range []string{"/projects/contact_list.xlsx", "/sections/contract_staff.xlsx"} {
		for login, may := range map[string]bool{"owner": true, "yaan": false, "yaan-leader": true} {
			text := allCells(t, w.as(login).get(path))
			for _, number := range []string{card, "440307198303074015", "示例JGS1", "19900000012"} {
				if strings.Contains(text, number) && !may {
					t.Errorf("%s reads %s in %s", login, number, path)
				}
			}
			if whole := strings.Contains(text, "440307198303074015"); whole != may || strings.Contains(text, "遮盖") == may {
				t.Errorf("%s, %s: whole numbers: %v", login, path, whole)
			}
		}
		w.as("viewer").get(path).must(http.StatusForbidden)
	}
	if n := ask[int](w, "SELECT count(*) FROM audit WHERE act = 'export' AND noun = 'contract_staff' AND (detail->>'id_numbers')::int > 0"); n != 2 {
		t.Errorf("%d exports with whole numbers are written down", n)
	}
	if n := ask[int](w, "SELECT count(*) FROM audit WHERE act = 'see_people' AND noun = 'contract_staff_export'"); n != 2 {
		t.Errorf("whose numbers were given out is written down %d times", n)
	}
	if text := allCells(t, w.as("section").get("/sections/contract_staff.xlsx")); strings.Contains(text, "示例某寅") {
		t.Error("another section reads who works in this one")
	}
}

func allCells(t *testing.T, a answer) string {
	t.Helper()
	book := workbook(a)
	var all strings.Builder
	for _, sheet := range book.GetSheetList() {
		for _, row := range rowsOf(t, book, sheet) {
			all.WriteString(strings.Join(row, " ") + "\n")
		}
	}
	return all.String()
}
