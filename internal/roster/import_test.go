package roster_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"golang.org/x/text/encoding/simplifiedchinese"

	"muster/internal/clock"
	"muster/internal/errs"
	"muster/internal/geo"
	"muster/internal/roster"
)

const siteTable = "项目,合同段,名称,类型,经度,纬度,坐标系,是否住人,床位数,负责人\n" +
	"示例高速,A1,一号驻地,自建驻地,102.36,29.23,WGS84,是,48,某甲\n" +
	"示例高速,A1,二号隧道,隧道,102度21分36秒,29°13′48″,国家2000,否,,某乙\n"

func parse(t *testing.T, kind roster.Kind, text string, opt roster.Options) roster.File {
	t.Helper()
	f, err := roster.ParseImport(kind, roster.CSV, strings.NewReader(text), opt)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func none(t *testing.T, f roster.File) {
	t.Helper()
	for _, p := range f.Problems {
		t.Errorf("unexpected: %s", p)
	}
}

func TestASiteTableIsRead(t *testing.T) {
	f := parse(t, roster.Sites, siteTable, roster.Sichuan(""))
	none(t, f)
	if f.Rows != 2 || len(f.Sites) != 2 {
		t.Fatalf("rows %d, sites %d", f.Rows, len(f.Sites))
	}
	home, tunnel := f.Sites[0], f.Sites[1]
	if home.Line != 2 || home.Site.Kind != roster.ResidenceOwn || !home.Site.Sleeps || home.Site.Beds != 48 || home.Ref.Section != "A1" {
		t.Errorf("residence: %+v", home)
	}
	if tunnel.Site.Sleeps || tunnel.Site.Datum != geo.CGCS2000Datum {
		t.Errorf("tunnel: %+v", tunnel)
	}
	if p := tunnel.Site.Geometry.(orb.Point); geo.Distance(geo.FromPoint(p), geo.LonLat{Lon: 102.36, Lat: 29.23}) > 0.1 {
		t.Errorf("degrees, minutes and seconds read as %v", p)
	}
	if len(f.Listed) != 1 || !strings.Contains(f.Listed[0].Text, "负责人") {
		t.Errorf("the unused column is not listed: %v", f.Listed)
	}
}

// The same table comes in every dress that spreadsheets give it.
func TestTheDressOfATableDoesNotMatter(t *testing.T) {
	want := parse(t, roster.Sites, siteTable, roster.Sichuan(""))
	chinese, err := simplifiedchinese.GB18030.NewEncoder().String(siteTable)
	if err != nil {
		t.Fatal(err)
	}
	for what, text := range map[string]string{
		"mark":            "\ufeff" + siteTable,
		"GB 18030":        chinese,
		"tabs":            strings.ReplaceAll(siteTable, ",", "\t"),
		"semicolons":      strings.ReplaceAll(siteTable, ",", ";"),
		"carriage return": strings.ReplaceAll(siteTable, "\n", "\r\n"),
		"full width":      strings.NewReplacer("102.36", "１０２．３６", "48", "４８", "WGS84", "ＷＧＳ８４").Replace(siteTable),
		"marked headings": strings.NewReplacer("经度", "★经度（十进制度）", "类型", "\"类\n型\"", "床位数", "床位数(张)").Replace(siteTable),
		"other headings":  strings.NewReplacer("经度", "lng", "纬度", "Y", "合同段,", "标段,", "项目,", "工程名称,").Replace(siteTable),
	} {
		t.Run(what, func(t *testing.T) {
			got := parse(t, roster.Sites, text, roster.Sichuan(""))
			none(t, got)
			for i := range got.Sites {
				got.Sites[i].Line = want.Sites[i].Line // a heading of two lines moves them
			}
			if d := cmp.Diff(want.Sites, got.Sites); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestTitlesTotalsAndNotesAreNoData(t *testing.T) {
	f := parse(t, roster.Companies, "示例工程参建单位汇总表,,\n填报时间：,2026年,\n单位全称,单位类型,备注\n示例甲公司,施工,\n小计,1,\n,,\n合 计,1,\n注：示例,,\n单位负责人签名：,,\n", roster.Options{})
	none(t, f)
	if f.Rows != 1 || len(f.Companies) != 1 || f.Companies[0].Line != 4 {
		t.Fatalf("rows %d, companies %+v", f.Rows, f.Companies)
	}
	lines := []int{}
	for _, l := range f.Listed {
		lines = append(lines, l.Line)
	}
	if d := cmp.Diff([]int{5, 7, 8, 9}, lines); d != "" {
		t.Errorf("listed: %s", d)
	}
}

// Each fault is reported with its line, column, value and mend.
func TestBadCells(t *testing.T) {
	const sites = "合同段,名称,类型,经度,纬度,坐标系\n"
	const people = "姓名,手机号码,身份证号\n"
	for _, c := range []struct {
		what, text  string
		kind        roster.Kind
		column, has string
		line        int
	}{
		{"in the sea", sites + "A1,甲,隧道,122.5,29.0,WGS84\n", roster.Sites, "经度", "不在本系统的范围内", 2},
		{"swapped", sites + "A1,甲,隧道,29.23,102.36,WGS84\n", roster.Sites, "经度", "经度 102.36、纬度 29.23", 2},
		{"no datum", sites + "A1,甲,隧道,102.36,29.23,\n", roster.Sites, "坐标系", "没有说明坐标系", 2},
		{"unknown datum", sites + "A1,甲,隧道,102.36,29.23,北京54\n", roster.Sites, "坐标系", "坐标系", 2},
		{"sixty minutes", sites + "A1,甲,隧道,102°60′,29.23,WGS84\n", roster.Sites, "经度", "60", 2},
		{"no longitude", sites + "A1,甲,隧道,,29.23,WGS84\n", roster.Sites, "经度", "没有填", 2},
		{"unknown kind", sites + "A1,甲,宾馆,102.36,29.23,WGS84\n", roster.Sites, "类型", "自建驻地", 2},
		{"no section", sites + ",甲,隧道,102.36,29.23,WGS84\n", roster.Sites, "合同段", "必须填写", 2},
		{"twice", sites + "A1,甲,隧道,102.36,29.23,WGS84\nA1,甲,桥梁,102.37,29.23,WGS84\n", roster.Sites, "编号", "与第 2 行重复", 3},
		{"a number cell", people + "某甲,19900000001,5.10105E+17\n", roster.People, "身份证号", "设为文本", 2},
		{"a wrong phone", people + "某甲,1990000,\n", roster.People, "手机号码", "11 位", 2},
		{"a name with digits", people + "某甲2,19900000001,\n", roster.People, "姓名", "数字", 2},
		{"nothing to know him by", people + "某甲,,\n", roster.People, "手机号码", "都没有填", 2},
		{"a person twice", people + "某甲,19900000001,\n某甲,+86 199 0000 0001,\n", roster.People, "姓名", "重复", 3},
		{"broken quotes", people + "某\"甲,19900000001,\n", roster.People, "", "引号", 2},
		{"two counties of one name", "项目编号,项目名称,建设单位,行政区划\nP1,示例,甲,市中区\n", roster.Projects, "行政区划", "不止一个", 2},
		{"no such county", "项目编号,项目名称,建设单位,行政区划\nP1,示例,甲,桃花岛\n", roster.Projects, "行政区划", "没有这个行政区划", 2},
		{"ends before it begins", "项目编号,项目名称,建设单位,行政区划,开工日期,完工日期\nP1,示例,甲,石棉县,2026.5.20,2025年1月1日\n", roster.Projects, "完工日期", "早于", 2},
		{"the 31st of February", "项目编号,项目名称,建设单位,行政区划,开工日期\nP1,示例,甲,石棉县,2026.2.31\n", roster.Projects, "开工日期", "没有这一天", 2},
		{"a wrong company code", "单位名称,单位类型,信用代码\n甲,施工,91350100M000100Y44\n", roster.Companies, "信用代码", "校验码", 2},
		{"no such duty", "值班日期,岗位,姓名,手机号码,项目\n2026-7-10,工人,某甲,19900000001,示例\n", roster.DutyRoster, "岗位", "值班员", 2},
		{"a post nowhere", "姓名,手机号码,岗位\n某甲,19900000001,项目经理\n", roster.Posts, "单位名称", "哪个单位", 2},
	} {
		t.Run(c.what, func(t *testing.T) {
			f := parse(t, c.kind, c.text, roster.Sichuan(""))
			if len(f.Problems) != 1 {
				t.Fatalf("want one problem, got %v", f.Problems)
			}
			p := f.Problems[0]
			if p.Line != c.line || p.Column != c.column || !strings.Contains(p.Text+p.Mend, c.has) || p.Mend == "" {
				t.Errorf("got %s", p)
			}
			if f.Good() != f.Rows-1 && c.what != "broken quotes" {
				t.Errorf("%d of %d rows are good", f.Good(), f.Rows)
			}
		})
	}
}

func TestPersonalValuesAreMasked(t *testing.T) {
	f := parse(t, roster.People, "姓名,手机号码,身份证号\n王小明3,13800001111x,110105194912310021\n", roster.Options{})
	if len(f.Problems) != 3 {
		t.Fatalf("got %v", f.Problems)
	}
	for _, p := range f.Problems {
		for _, secret := range []string{"小明", "0000", "19491231"} {
			if strings.Contains(p.String(), secret) {
				t.Errorf("%s tells %s", p, secret)
			}
		}
	}
}

func TestAMissingColumnIsOneProblem(t *testing.T) {
	f := parse(t, roster.Sites, "合同段,点位名,类型,经度,纬度\nA1,甲,隧道,102.36,29.23\nA1,乙,隧道,102.36,29.23\n", roster.Sichuan(geo.WGS84Datum))
	if len(f.Problems) != 1 || f.Good() != 0 || f.Rows != 2 {
		t.Fatalf("%d good of %d, %v", f.Good(), f.Rows, f.Problems)
	}
	if p := f.Problems[0]; p.Column != "名称" || p.Value != "点位名" || !strings.Contains(p.Mend, "点位名称") {
		t.Errorf("got %s", p)
	}
}

func TestPositionsWithoutADatumAreNotGuessed(t *testing.T) {
	const table = "合同段,名称,类型,经度,纬度\nA1,甲,隧道,102.36,29.23\nA1,乙,隧道,102.36,29.23\n"
	f := parse(t, roster.Sites, table, roster.Sichuan(""))
	if len(f.Problems) != 1 || f.Problems[0].Column != "坐标系" || f.Good() != 0 {
		t.Errorf("%d good, %v", f.Good(), f.Problems)
	}
	f = parse(t, roster.Sites, table, roster.Sichuan(geo.BD09Datum))
	none(t, f)
	if len(f.Sites) != 2 || f.Sites[0].Site.Datum != geo.BD09Datum {
		t.Errorf("one answer for the file: %+v", f.Sites)
	}
}

func TestFilesThatAreNone(t *testing.T) {
	for _, c := range []struct {
		what, text, code string
		format           roster.Format
	}{
		{"a workbook", "PK\x03\x04...", "import_workbook", roster.CSV},
		{"no text", "\xff\xfea\x00b\x00", "import_binary", roster.CSV},
		{"no encoding", "\xff\xff\xff,\xff", "import_encoding", roster.CSV},
		{"nothing", "", "import_empty", roster.CSV},
		{"too many rows", strings.Repeat("a\n", roster.MaxRows+10), "import_rows", roster.CSV},
		{"half a document", `{"type":"FeatureCollection","fea`, "import_geojson", roster.GeoJSON},
		{"another format", "", "import_format", "xml"},
	} {
		t.Run(c.what, func(t *testing.T) {
			_, err := roster.ParseImport(roster.Sites, c.format, strings.NewReader(c.text), roster.Options{})
			if err == nil || !strings.HasPrefix(err.Error(), c.code+":") {
				t.Errorf("want %s, got %v", c.code, err)
			}
		})
	}
	if _, err := roster.ParseImport("cranes", roster.CSV, strings.NewReader(""), roster.Options{}); !errs.Is(err, errs.NotFound) {
		t.Errorf("an unknown kind: %v", err)
	}
}

func TestDatesPeopleWrite(t *testing.T) {
	want := time.Date(2018, 5, 20, 0, 0, 0, 0, clock.Shanghai)
	for _, text := range []string{"2018年5月20日", "2018.5.20", "2018-05-20", "2018/5/20", "20180520", "43240", "43240.5", "２０１８年５月２０日", "2018-05-20 08:30:00", "2018-05-20T00:00:00"} {
		if got, err := roster.ParseDate(text); err != nil || !got.Equal(want) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "5月20日", "2018-13-01", "2018.2.29", "明天"} {
		if got, err := roster.ParseDate(text); err == nil {
			t.Errorf("%q was taken as %v", text, got)
		}
	}
}

func TestADutyRunsToTheNextMorning(t *testing.T) {
	f := parse(t, roster.DutyRoster, "值班日期,岗位,姓名,手机号码,合同段,开始时间,结束时间\n"+
		"2026-7-10,值班员,某甲,19900000001,A1,,\n2026-7-10,带班领导,某乙,19900000002,A1,20:00,08:00\n", roster.Options{})
	none(t, f)
	morning := time.Date(2026, 7, 11, 8, 0, 0, 0, clock.Shanghai)
	for i, hours := range []time.Duration{24, 12} {
		if d := f.Duties[i].Duty; !d.Until.Equal(morning) || d.Until.Sub(d.From) != hours*time.Hour {
			t.Errorf("line %d: %v – %v", i+2, d.From, d.Until)
		}
	}
}

func TestSitesFromGeoJSON(t *testing.T) {
	const doc = `{"type":"FeatureCollection","features":[
	 {"type":"Feature","geometry":{"type":"LineString","coordinates":[[102.3,29.2],[102.31,29.21]]},"properties":{"合同段":"A1","名称":"甲边坡","类型":"边坡","坐标系":"GCJ02","色":1}},
	 {"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[102.3,29.2],[102.31,29.2],[102.31,29.21],[102.3,29.2]]]},"properties":{"合同段":"A1","名称":"乙梁场","类型":"yard","坐标系":"wgs84","是否住人":true,"床位数":12}},
	 {"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[102.3,29.2],[102.31,29.21],[102.31,29.2],[102.3,29.21],[102.3,29.2]]]},"properties":{"合同段":"A1","名称":"丙","类型":"yard","坐标系":"wgs84"}},
	 {"type":"Feature","geometry":{"type":"MultiPoint","coordinates":[[102.3,29.2]]},"properties":{"合同段":"A1","名称":"丁","类型":"yard"}},
	 {"type":"Feature","geometry":{"type":"Point","coordinates":[29.2,102.3]},"properties":{"合同段":"A1","名称":"戊","类型":"yard","坐标系":"wgs84"}},
	 {"type":"Feature","geometry":null,"properties":{}}]}`
	f, err := roster.ParseImport(roster.Sites, roster.GeoJSON, strings.NewReader(doc), roster.Sichuan(""))
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Sites) != 2 || f.Rows != 6 {
		t.Fatalf("%d of %d: %v", len(f.Sites), f.Rows, f.Problems)
	}
	line := f.Sites[0].Site.Geometry.(orb.LineString)
	if d := geo.Distance(geo.FromPoint(line[0]), geo.LonLat{Lon: 102.3, Lat: 29.2}); d < 100 || d > 1000 {
		t.Errorf("GCJ-02 moved the line by %.0f m", d)
	}
	if yard := f.Sites[1].Site; !yard.Sleeps || yard.Beds != 12 {
		t.Errorf("yard %+v", yard)
	}
	lines := []int{}
	for _, p := range f.Problems {
		lines = append(lines, p.Line)
	}
	if d := cmp.Diff([]int{3, 4, 5, 6}, lines); d != "" {
		t.Errorf("problems %v", f.Problems)
	}
}
