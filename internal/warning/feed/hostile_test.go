package feed

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

func TestHostileDocuments(t *testing.T) {
	plain := string(capDoc())
	body := plain[strings.Index(plain, "<alert"):]
	gbk, err := simplifiedchinese.GBK.NewEncoder().Bytes(capDoc())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		raw  []byte
		code string
	}{
		{"a DOCTYPE that is not used", []byte(`<!DOCTYPE alert>` + body), "doctype"},
		{"an external entity", []byte(`<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>` + body), "doctype"},
		{"billion laughs", []byte(`<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>` + strings.Replace(body, "示例", "&b;", 1)), "doctype"},
		{"an entity nobody declared", capDoc("示例", "&b;"), "entity"},
		{"text after the root", append(capDoc(), "tail"...), "trailing_content"},
		{"a second root", append(capDoc(), "<alert/>"...), "trailing_content"},
		{"text before the root", []byte("<?xml version='1.0'?>tail" + body), "not_well_formed"},
		{"an open end", []byte(plain[:len(plain)-20]), "not_well_formed"},
		{"a NUL", capDoc("示例", "\x00"), "not_well_formed"},
		{"33 levels", capDoc("<category>Met</category>", strings.Repeat("<x>", 31)+strings.Repeat("</x>", 31)), "too_deep"},
		{"300,000 open tags", []byte(strings.Repeat("<a>", 300_000)), "too_deep"},
		{"300,000 elements", capDoc("<category>Met</category>", strings.Repeat("<x/>", 300_000)), "too_many_elements"},
		{"11 MB", capDoc("示例", strings.Repeat("x", 11<<20)), "too_large"},
		{"GBK bytes declared as UTF-8", gbk, "encoding"},
		{"UTF-8 declared as UTF-16", capDoc("UTF-8", "UTF-16"), "encoding"},
		{"UTF-8 declared as an unknown charset", capDoc("UTF-8", "x-klingon"), "encoding"},
		{"half a character", bytes.Replace(capDoc(), []byte("示例"), []byte("示例")[:2], 1), "encoding"},
		{"nothing", nil, "empty"},
		{"blanks", []byte(" \n\t"), "empty"},
		{"a mark and nothing", []byte("\xEF\xBB\xBF"), "empty"},
		{"a foreign root", []byte(`<html><body/></html>`), "format_unknown"},
		{"broken JSON", []byte(`{"alertData":[`), "not_json"},
		{"unknown JSON", []byte(`{"hello":1}`), "format_unknown"},
		{"words", []byte("hello"), "format_unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Parse(c.raw, receivedAt)
			if r.Outcome != Rejected || len(r.Reasons) != 1 || r.Reasons[0].Code != c.code {
				t.Errorf("want rejected %s, got %+v", c.code, r)
			}
			if len(r.Reasons) > 0 && r.Reasons[0].Text == "" {
				t.Error("a refusal must say why")
			}
		})
	}
}

func TestADocumentOfTenMegabytesIsReadQuickly(t *testing.T) {
	raw := capDoc("示例", strings.Repeat("长", 3_300_000))
	start := time.Now()
	if _, r := one(t, raw); r.Outcome != Accepted {
		t.Errorf("got %s %v", r.Outcome, r.Reasons)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
}

func TestEncodings(t *testing.T) {
	encode := func(name string, to func([]byte) ([]byte, error)) []byte {
		out, err := to(capDoc(`"UTF-8"`, `"`+name+`"`))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	utf16 := func(e unicode.Endianness, b unicode.BOMPolicy) func([]byte) ([]byte, error) {
		return unicode.UTF16(e, b).NewEncoder().Bytes
	}
	for name, raw := range map[string][]byte{
		"UTF-8":                    capDoc(),
		"UTF-8 with a mark":        append([]byte("\xEF\xBB\xBF"), capDoc()...),
		"no declaration":           capDoc(`<?xml version="1.0" encoding="UTF-8"?>`, ""),
		"GBK":                      encode("GBK", simplifiedchinese.GBK.NewEncoder().Bytes),
		"GB2312":                   encode("gb2312", simplifiedchinese.GBK.NewEncoder().Bytes),
		"GB18030":                  encode("GB18030", simplifiedchinese.GB18030.NewEncoder().Bytes),
		"UTF-16 big with mark":     encode("UTF-16", utf16(unicode.BigEndian, unicode.UseBOM)),
		"UTF-16 little with mark":  encode("UTF-16", utf16(unicode.LittleEndian, unicode.UseBOM)),
		"UTF-16 little, unmarked":  encode("UTF-16LE", utf16(unicode.LittleEndian, unicode.IgnoreBOM)),
		"UTF-16 big, unmarked":     encode("UTF-16BE", utf16(unicode.BigEndian, unicode.IgnoreBOM)),
		"CDATA and a style sheet":  capDoc("示例", "<![CDATA[示例]]>", "<alert", "<?xml-stylesheet href='x.xsl'?><alert"),
		"a comment after the root": append(capDoc(), "\n<!-- end -->\n"...),
	} {
		t.Run(name, func(t *testing.T) {
			m, r := one(t, raw)
			if r.Outcome != Accepted || m.Headline != "雅安市气象台发布暴雨橙色预警" {
				t.Errorf("got %s %v, headline %q", r.Outcome, r.Reasons, m.Headline)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add(capDoc())
	f.Add(cnDoc())
	f.Add(capDoc("<polygon>"+square+"</polygon>", "<circle>30,103 5</circle><geocode><valueName>CN_ADMIN_6</valueName><value>511802</value></geocode>"))
	f.Add([]byte(`{"alertData":[]}`))
	f.Add([]byte("\xFF\xFE<\x00a\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r := Parse(raw, receivedAt)
		if r.Outcome == Rejected && len(r.Reasons) == 0 {
			t.Error("rejected without a reason")
		}
		if r.Outcome != Rejected && r.Format == "unknown" {
			t.Error("understood without a format")
		}
		for _, m := range r.Messages {
			for _, flag := range m.Flags {
				if !flag.Valid() {
					t.Errorf("flag %q has no label", flag)
				}
			}
		}
		r.View("x", receivedAt)
	})
}
