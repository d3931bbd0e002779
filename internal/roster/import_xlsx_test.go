package roster_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"muster/internal/clock"
	"muster/internal/errs"
	"muster/internal/roster"
)

// book is a workbook being written, as people write them.
type book struct {
	testing.TB
	*excelize.File
}

func newBook(t testing.TB) book {
	b := book{t, excelize.NewFile()}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// put writes rows of cells from a cell on; a text that begins with = is a formula.
func (b book) put(sheet, from string, rows ...[]any) {
	b.Helper()
	if _, err := b.NewSheet(sheet); err != nil {
		b.Fatal(err)
	}
	column, line, err := excelize.CellNameToCoordinates(from)
	if err != nil {
		b.Fatal(err)
	}
	for i, row := range rows {
		for k, v := range row {
			cell, _ := excelize.CoordinatesToCellName(column+k, line+i)
			if v != nil {
				b.must(b.SetCellValue(sheet, cell, v))
			}
		}
	}
}

func (b book) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b book) bytes() []byte {
	b.Helper()
	var out bytes.Buffer
	if _, err := b.WriteTo(&out); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

func (b book) read(kind roster.Kind) roster.File {
	b.Helper()
	f, err := roster.ParseImport(kind, roster.XLSX, bytes.NewReader(b.bytes()), roster.Sichuan(""))
	b.must(err)
	f.Placed(f.Problems)
	f.PlacedList(f.Listed)
	return f
}

// A table of two heading rows under two titles, merged cells, a date, a number, a
// subtotal, a note at the foot.
func TestAWorkbookAsOfficesMakeThem(t *testing.T) {
	b := newBook(t)
	b.put("Sheet1", "A1",
		[]any{"示例高速住宿登记汇总表"},
		[]any{"填报时间：2026年7月"},
		[]any{"序号", "合同段", "人员", nil, "住宿", nil},
		[]any{nil, nil, "姓名", "联系电话", "驻地", "入住日期"},
		[]any{1, "A1", "示例某甲", 19900000001, "一号驻地", time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)},
		[]any{2, nil, "示例某乙", "199 0000 0002", nil, "2026.7.2"},
		[]any{"小计", nil, 2},
		[]any{3, "A2", "示例某丙", 1.9900000003e10, "二号驻地", nil},
		[]any{"注：示例"},
	)
	for _, merged := range [][2]string{{"A1", "F1"}, {"A3", "A4"}, {"B3", "B4"}, {"C3", "D3"}, {"E3", "F3"}, {"B5", "B6"}, {"E5", "E6"}, {"A9", "F9"}} {
		b.must(b.MergeCell("Sheet1", merged[0], merged[1]))
	}
	f := b.read(roster.Beds)
	none(t, f)
	if f.Rows != 3 || len(f.Beds) != 3 {
		t.Fatalf("%d rows, %+v", f.Rows, f.Beds)
	}
	for i, want := range []roster.BedRow{
		{Line: 5, Person: roster.PersonRef{Name: "示例某甲", Phone: "19900000001"}, Section: roster.SectionRef{Section: "A1"}, Site: "一号驻地",
			Bed: roster.Bed{From: time.Date(2026, 7, 1, 0, 0, 0, 0, clock.Shanghai)}},
		{Line: 6, Person: roster.PersonRef{Name: "示例某乙", Phone: "19900000002"}, Section: roster.SectionRef{Section: "A1"}, Site: "一号驻地",
			Bed: roster.Bed{From: time.Date(2026, 7, 2, 0, 0, 0, 0, clock.Shanghai)}},
		{Line: 8, Person: roster.PersonRef{Name: "示例某丙", Phone: "19900000003"}, Section: roster.SectionRef{Section: "A2"}, Site: "二号驻地"},
	} {
		if d := cmp.Diff(want, f.Beds[i]); d != "" {
			t.Error(d)
		}
	}
	if len(f.Listed) != 2 || f.Listed[0].Line != 7 || f.Listed[1].Line != 9 {
		t.Errorf("listed: %+v", f.Listed)
	}
}

func TestSeveralSheets(t *testing.T) {
	b := newBook(t)
	people := [][]any{{"姓名", "手机号码"}, {"示例某甲", "19900000001"}, {"示例某乙", "1990000"}}
	b.put("一标", "A1", people...)
	b.put("二标", "B3", []any{"姓名", "手机"}, []any{"示例某甲", "19900000001"}, []any{"示例某丙", "19900000003"})
	b.put("车辆", "A1", []any{"车牌", "型号"}, []any{"川A00000", "自卸"})
	b.put("旧", "A1", people...)
	b.must(b.SetSheetVisible("旧", false))
	f := b.read(roster.People)
	if len(f.People) != 2 || f.Rows != 4 {
		t.Errorf("%d of %d people", len(f.People), f.Rows)
	}
	if len(f.Problems) != 2 || f.Problems[0].Sheet != "一标" || f.Problems[0].Line != 3 || f.Problems[1].Sheet != "二标" || f.Problems[1].Line != 4 ||
		!strings.Contains(f.Problems[1].Text, "工作表“一标”第 2 行") {
		t.Errorf("problems: %+v", f.Problems)
	}
	if len(f.Listed) != 2 || !strings.Contains(f.Listed[0].Text, "车辆") || !strings.Contains(f.Listed[1].Text, "隐藏") {
		t.Errorf("listed: %+v", f.Listed)
	}
}

// A formula is taken by its value; one without a value, or an error, is a problem.
func TestFormulasAreTakenByTheirValue(t *testing.T) {
	b := newBook(t)
	rows, err := b.NewStreamWriter("Sheet1")
	b.must(err)
	b.must(rows.SetRow("A1", []any{"姓名", "手机号码"}))
	b.must(rows.SetRow("A2", []any{"示例某甲", excelize.Cell{Formula: "19900000000+1", Value: "19900000001"}}))
	b.must(rows.SetRow("A3", []any{"示例某乙", excelize.Cell{Formula: "B2+1"}}))
	b.must(rows.SetRow("A4", []any{"示例某丙", "#N/A"}))
	b.must(rows.Flush())
	f := b.read(roster.People)
	if len(f.People) != 1 || f.People[0].Person.Phone != "19900000001" {
		t.Errorf("%+v", f.People)
	}
	if len(f.Problems) != 2 || f.Problems[0].Line != 3 || f.Problems[1].Line != 4 || !strings.Contains(f.Problems[1].Text, "公式") {
		t.Errorf("%+v", f.Problems)
	}
}

func TestNumberCellsThatLostTheirDigits(t *testing.T) {
	b := newBook(t)
	b.put("Sheet1", "A1", []any{"姓名", "身份证号"}, []any{"示例某甲", 110105194912310021.0})
	f := b.read(roster.People)
	if len(f.Problems) != 1 || !strings.Contains(f.Problems[0].Mend, "设为文本") && !strings.Contains(f.Problems[0].Text, "校验码") {
		t.Errorf("%+v, %+v", f.Problems, f.People)
	}
}

func TestHeadingsAgainOnEveryPage(t *testing.T) {
	f := parse(t, roster.People, "姓名,手机号码\n示例某甲,19900000001\n姓名,手机号码\n示例某乙,19900000002\n", roster.Options{})
	none(t, f)
	if len(f.People) != 2 || len(f.Listed) != 1 || f.Listed[0].Line != 3 {
		t.Errorf("%+v, %+v", f.People, f.Listed)
	}
}

func TestWorkbooksThatAreRefused(t *testing.T) {
	many := newBook(t)
	rows, err := many.NewStreamWriter("Sheet1")
	many.must(err)
	for i := range roster.MaxRows + 10 {
		many.must(rows.SetRow(fmt.Sprintf("A%d", i+1), []any{"a"}))
	}
	many.must(rows.Flush())
	for _, c := range []struct {
		what string
		raw  []byte
		kind errs.Kind
		code string
	}{
		{"an old workbook", append([]byte("\xd0\xcf\x11\xe0"), make([]byte, 600)...), errs.Fix, "import_workbook_old"},
		{"an archive of nothing", zipped(t, "a.txt", 10), errs.Fix, "import_workbook"},
		{"half a workbook", many.bytes()[:5000], errs.Fix, "import_workbook"},
		{"a bomb", zipped(t, "xl/worksheets/sheet1.xml", 400<<20), errs.Unsafe, "import_bomb"},
		{"too many rows", many.bytes(), errs.Limit, "import_rows"},
	} {
		t.Run(c.what, func(t *testing.T) {
			_, err := roster.ParseImport(roster.People, roster.XLSX, bytes.NewReader(c.raw), roster.Options{})
			if !errs.Is(err, c.kind) || !strings.HasPrefix(err.Error(), c.code+":") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A directory that says less than there is does not get past the limit either.
func TestABombThatLies(t *testing.T) {
	raw := zipped(t, "xl/worksheets/sheet1.xml", 400<<20)
	at := bytes.LastIndex(raw, []byte("PK\x01\x02"))
	copy(raw[at+24:], []byte{0, 1, 0, 0}) // uncompressed size of the central directory (APPNOTE 4.3.12)
	_, err := roster.ParseImport(roster.People, roster.XLSX, bytes.NewReader(raw), roster.Options{})
	if !errs.Is(err, errs.Fix) {
		t.Errorf("got %v", err)
	}
}

func zipped(t *testing.T, name string, size int64) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.Create(name)
	if err == nil {
		_, err = io.CopyN(w, zeros{}, size)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

func TestCrews(t *testing.T) {
	teams := parse(t, roster.Teams, "合同段,班组名称,工人姓名,身份证号码,工种,班组长,进场日期\nA1,钢筋一班,示例某甲,11010519491231002x,钢筋工,是,2026.7.1\n", roster.Options{})
	none(t, teams)
	if r := teams.Teams[0]; r.Team != "钢筋一班" || !r.Leader || r.Work != "钢筋工" || r.From.Day() != 1 {
		t.Errorf("%+v", r)
	}
	shifts := parse(t, roster.Shifts, "姓名,手机,工点,日期,上班时间,下班时间\n示例某甲,19900000001,一号隧道,2026-7-10,20:00,08:00\n示例某甲,19900000001,一号隧道,2026-7-11,0.3333333,0.75\n", roster.Options{})
	none(t, shifts)
	if a, b := shifts.Shifts[0], shifts.Shifts[1]; a.Until.Sub(a.From) != 12*time.Hour || a.Until.Day() != 11 || b.From.Hour() != 8 || b.Until.Hour() != 18 {
		t.Errorf("%+v", shifts.Shifts)
	}
	leaves := parse(t, roster.Leaves, "姓名,手机,请假日期,截止日期,原因\n示例某甲,19900000001,2026-7-10,2026-7-10,探亲\n示例某乙,19900000002,2026-7-10,2026-7-9,\n", roster.Options{})
	if len(leaves.Leaves) != 1 || leaves.Leaves[0].Until.Sub(leaves.Leaves[0].From) != 24*time.Hour || len(leaves.Problems) != 1 {
		t.Errorf("%+v, %v", leaves.Leaves, leaves.Problems)
	}
	certificates := parse(t, roster.Certificates, "姓名,手机,证书名称,证书编号,有效期至\n示例某甲,19900000001,交安B证,示例 0001234,2027-5-19\n示例某甲,19900000001,职称证,,长期\n", roster.Options{})
	none(t, certificates)
	if a, b := certificates.Certificates[0], certificates.Certificates[1]; a.Number != "示例0001234" || a.Until.Day() != 20 || !b.Until.IsZero() {
		t.Errorf("%+v", certificates.Certificates)
	}
}

// What a template shows as an example is taken.
func TestTheExamplesOfTheTemplatesAreTaken(t *testing.T) {
	for _, kind := range roster.Kinds() {
		if kind.IsForm() {
			continue // has its own: TestAPrintedFormIsTakenAsItIs
		}
		t.Run(string(kind), func(t *testing.T) {
			b := newBook(t)
			var titles, example []any
			for _, h := range roster.Headings(kind) {
				title := h.Name
				if h.Required {
					title = "★" + title
				}
				titles, example = append(titles, title), append(example, h.Example)
			}
			b.put("Sheet1", "A1", titles, example)
			f := b.read(kind)
			none(t, f)
			if f.Good() != 1 || kind.Label() == "" {
				t.Errorf("%d rows, listed %v", f.Good(), f.Listed)
			}
		})
	}
}
