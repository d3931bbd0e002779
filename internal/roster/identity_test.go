package roster_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"muster/internal/errs"
	"muster/internal/reftest"
	"muster/internal/roster"
)

func TestIdentityVectors(t *testing.T) {
	raw, there := reftest.Read(t, "devices/vectors.json")
	if !there {
		return
	}
	var vectors struct {
		ID   map[string]bool `json:"id_gb11643"`
		USCC map[string]bool `json:"uscc_gb32100"`
	}
	if err := json.Unmarshal(raw, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors.ID) < 5 || len(vectors.USCC) < 4 {
		t.Fatalf("too few vectors: %d, %d", len(vectors.ID), len(vectors.USCC))
	}
	for text, good := range vectors.ID {
		if _, err := roster.ParseCitizenID(text); (err == nil) != good {
			t.Errorf("citizen ID %s: want good=%v, got %v", text, good, err)
		}
	}
	for text, good := range vectors.USCC {
		if _, err := roster.ParseUSCC(text); (err == nil) != good {
			t.Errorf("company code %s: want good=%v, got %v", text, good, err)
		}
	}
}

// Every wrong value is told what is wrong with it, in a way that can be mended,
// and the error never repeats the value.
func TestWrongIdentities(t *testing.T) {
	id := func(s string) error { _, err := roster.ParseCitizenID(s); return err }
	uscc := func(s string) error { _, err := roster.ParseUSCC(s); return err }
	name := func(s string) error { _, err := roster.ParseName(s); return err }
	phone := func(s string) error { _, err := roster.ParsePhone(s); return err }
	for _, c := range []struct {
		what, text, code string
		parse            func(string) error
	}{
		{"a number cell", "5.10105E+17", "id_scientific", id},
		{"one digit short", "1101051949123100", "id_form", id},
		{"the number of before 1999", "110105491231002", "id_old", id},
		{"the 31st of February", "110105194902310021", "id_date", id},
		{"a wrong check digit", "110105194912310021", "id_check", id},
		{"a letter O for a zero", "9135O100M000100Y43", "uscc_form", uscc},
		{"an organisation code of nine", "77982768-4", "uscc_old", uscc},
		{"a changed digit", "91350100M000100Y44", "uscc_check", uscc},
		{"a name with a number", "王五2", "name_digit", name},
		{"no name", "  ", "name_empty", name},
		{"only a dot", "·", "name_sign", name},
		{"a sentence", "王五，李四", "name_sign", name},
		{"fifty-one characters", strings.Repeat("王", 51), "name_long", name},
		{"a landline", "028-85525000", "phone_form", phone},
		{"ten digits", "1380000000", "phone_form", phone},
		{"a number cell", "1.38E+10", "phone_scientific", phone},
	} {
		t.Run(c.what, func(t *testing.T) {
			err := c.parse(c.text)
			var e *errs.Error
			if !errors.As(err, &e) || e.Code != c.code || e.Kind != errs.Fix {
				t.Fatalf("want %s, got %v", c.code, err)
			}
			if len(e.Details) != 1 || e.Details[0].Mend == "" {
				t.Errorf("no mend in %v", e)
			}
			if v := strings.TrimSpace(c.text); len(v) > 3 && strings.Contains(e.Error(), v) {
				t.Errorf("the error repeats the value: %v", e)
			}
		})
	}
}

func TestIdentitiesAreCleaned(t *testing.T) {
	for _, c := range []struct {
		what, text, want string
		parse            func(string) (string, error)
	}{
		{"small x", "11010519491231002x", "11010519491231002X", roster.ParseCitizenID},
		{"full width and blanks", "１１０１０５ 19491231 ００２Ｘ", "11010519491231002X", roster.ParseCitizenID},
		{"small company code", " 91350100m000100y43 ", "91350100M000100Y43", roster.ParseUSCC},
		{"country prefix", "+86 138-0000-0000", "13800000000", roster.ParsePhone},
		{"full-width phone", "１３８００００００００", "13800000000", roster.ParsePhone},
		{"a single character", "丹", "丹", roster.ParseName},
		{"another dot", "阿依•吾守尔", "阿依·吾守尔", roster.ParseName},
		{"half-width katakana dot", "阿依･吾守尔", "阿依·吾守尔", roster.ParseName},
		{"full-width letters", "Ｊｏｈｎ　Ｌｉ", "John Li", roster.ParseName},
	} {
		t.Run(c.what, func(t *testing.T) {
			got, err := c.parse(c.text)
			if err != nil || got != c.want {
				t.Errorf("%q: want %q, got %q, %v", c.text, c.want, got, err)
			}
		})
	}
}

func TestMasks(t *testing.T) {
	for _, c := range [][2]string{
		{roster.MaskName("王小明"), "王**"},
		{roster.MaskName("丹"), "丹*"},
		{roster.MaskName(""), ""},
		{roster.MaskPhone("13812345678"), "138****5678"},
		{roster.MaskPhone("12345"), "*****"},
		{roster.MaskID("11010519491231002X"), "110***************"},
	} {
		if c[0] != c[1] {
			t.Errorf("want %q, got %q", c[1], c[0])
		}
	}
}
