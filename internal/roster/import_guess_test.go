package roster_test

import (
	"errors"
	"strings"
	"testing"

	"muster/internal/errs"
	"muster/internal/roster"
)

func TestAFileOfAnotherKindIsNamed(t *testing.T) {
	for _, c := range []struct {
		name       string
		asked      roster.Kind
		text       string
		looksLike  roster.Kind
		isOfItsOwn bool
	}{
		{"sites brought as companies", roster.Companies, "合同段,点位名称,点位类型,经度,纬度\nA1,甲,隧道,102,29\n", roster.Sites, false},
		{"certificates brought as teams", roster.Teams, "姓名,手机号码,证书名称,有效期至\n某甲,14200000001,交安B证,2027-1-1\n", roster.Certificates, false},
		{"a table that is none of ours", roster.Sites, "甲,乙\n1,2\n", "", false},
		{"people", roster.People, "姓名,手机号码\n某甲,14200000001\n", "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := parse(t, c.asked, c.text, roster.Sichuan(""))
			if f.LooksLike != c.looksLike || c.isOfItsOwn != (len(f.Problems) == 0) {
				t.Errorf("it looks like %q, %v", f.LooksLike, f.Problems)
			}
		})
	}
}

func TestAPDFIsSaidToBeOne(t *testing.T) {
	_, err := roster.ParseImport(roster.People, roster.CSV, strings.NewReader("%PDF-1.7\n1 0 obj"), roster.Options{})
	if e := new(errs.Error); !errors.As(err, &e) || e.Code != "import_pdf" {
		t.Errorf("%v", err)
	}
}
