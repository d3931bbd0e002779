package httpapi_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
)

// brings certificates and a team of the lead of the residence.
func (w *world) bringsCrew() {
	w.Helper()
	who := valley.NameOfLead + "," + valley.PhoneOfLead
	for kind, text := range map[string]string{
		"certificates": "姓名,手机号码,证书名称,证书编号,有效期至\n" + who + ",交安B证,示例00001111,2027-7-1\n" +
			who + ",职称证,示例00002222,\n" + who + ",建造师,示例00003333,2026-1-1\n" + who + ",电工证,示例00004444,2026-7-20\n",
		"teams": "合同段,班组,姓名,手机号码,是否班组长\nA1,钢筋一班," + who + ",是\n",
	} {
		if r := read[postgres.ImportResult](w.as("section").file("/imports/"+kind, []byte(text))); r.Written == 0 || len(r.Bad) > 0 {
			w.Fatalf("%s: %+v", kind, r)
		}
	}
}

type certificates struct {
	Items []struct {
		ID          uuid.UUID
		Kind, State string
		Where       string
		Person      struct{ Name *string }
	}
	Next *string
}

func (c certificates) words() string {
	var all []string
	for _, x := range c.Items {
		all = append(all, x.Kind+" "+x.State)
	}
	return strings.Join(all, ", ")
}

func TestCertificatesAreSearchedAndNarrowed(t *testing.T) {
	w := newWorld(t)
	w.bringsCrew()
	section := w.as("section")
	for query, want := range map[string]string{
		"":                           "建造师 expired, 电工证 soon, 交安B证 valid, 职称证 valid",
		"?status=expired":            "建造师 expired",
		"?status=soon":               "电工证 soon",
		"?q=电工":                      "电工证 soon",
		"?status=soon&q=交安":          "",
		"?q=" + valley.NameOfLead:    "建造师 expired, 电工证 soon, 交安B证 valid, 职称证 valid",
		"?q=" + valley.PhoneOfLead:   "建造师 expired, 电工证 soon, 交安B证 valid, 职称证 valid",
		"?q=19900009999":             "",
		"?project=" + nobody:         "",
		"?region=513400":             "",
		"?region=511824&status=soon": "电工证 soon",
	} {
		if got := read[certificates](section.get("/certificates" + query)).words(); got != want {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
	first := read[certificates](section.get("/certificates?limit=1"))
	one := read[struct{ Kind, Where string }](section.get("/certificates/" + first.Items[0].ID.String()))
	if one.Kind != "建造师" || one.Where == "" {
		t.Errorf("one of them: %+v", one)
	}
	section.get("/certificates/" + nobody).must(404)
}

const nobody = "00000000-0000-4000-8000-000000000000"

func TestTeamsAreSearchedAndTakenOut(t *testing.T) {
	w := newWorld(t)
	w.bringsCrew()
	for query, want := range map[string]string{"": "钢筋一班", "?q=钢筋": "钢筋一班", "?q=木工": "", "?region=513400": "", "?project=" + nobody: ""} {
		if got := w.list("section", "/teams"+query).names(); got != want {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
	leader := w.as("province-leader")
	if rows := rowsOf(t, workbook(leader.get("/teams/export.xlsx")), "班组"); len(rows) != 2 || rows[1][2] != "钢筋一班" {
		t.Errorf("the teams: %v", rows)
	}
	rows := rowsOf(t, workbook(leader.get("/certificates/export.xlsx?status=expired")), "证书")
	if len(rows) != 2 || rows[1][2] != "建造师" || rows[1][6] != "已过期" || strings.Contains(rows[1][3], "示例") {
		t.Errorf("the certificates: %v", rows)
	}
}
