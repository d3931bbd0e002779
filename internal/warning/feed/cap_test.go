package feed

import (
	"slices"
	"testing"
	"time"

	"muster/internal/warning"
)

func TestCAPPlain(t *testing.T) {
	m, r := one(t, capDoc())
	if r.Format != "cap" || r.Outcome != Accepted || len(m.Flags) != 0 {
		t.Errorf("got %s %s flags %v", r.Format, r.Outcome, m.Flags)
	}
	c := m.Claims[0]
	if c.Hazard != warning.Rain || c.Level != warning.Orange || c.LevelSource != "field" || c.ExpiresDefault {
		t.Errorf("got %+v", c)
	}
	if !m.Dispatchable(receivedAt) || m.Dispatchable(c.Expires) {
		t.Error("dispatchable until it expires, and not at that instant")
	}
	if ring := c.Area.Geometry[0][0]; ring[0][0] < 100 {
		t.Errorf("longitude stands first in storage, got %v", ring[0])
	}
}

func TestCAPFlags(t *testing.T) {
	const update = "<msgType>Update</msgType>"
	refs := func(s string) []string {
		return []string{"<msgType>Alert</msgType>", update, "<scope>", "<references>" + s + "</references><scope>"}
	}
	for _, c := range []struct {
		name    string
		edits   []string
		flag    warning.Flag
		outcome Outcome
	}{
		{"version 1.1 is read alike, Z is flagged", []string{"cap:1.2", "cap:1.1", "18:05:00+08:00</sent>", "10:05:00Z</sent>"}, warning.FlagUTCZ, Accepted},
		{"lower-case status", []string{">Actual<", ">actual<"}, warning.FlagEnumCase, Accepted},
		{"unknown status", []string{">Actual<", ">Real<"}, warning.FlagEnumUnknown, Held},
		{"unknown type", []string{">Alert<", ">Alarm<"}, warning.FlagEnumUnknown, Held},
		{"sent cannot be read", []string{"2026-07-10T18:05:00+08:00</sent>", "soon</sent>"}, warning.FlagTimeUnreadable, Held},
		{"no identifier", []string{"<identifier>A-1</identifier>", ""}, warning.FlagFieldMissing, Held},
		{"two identifiers", []string{"<sender>", "<identifier>A-2</identifier><sender>"}, warning.FlagDuplicateField, Held},
		{"an update that refers to nothing", []string{"<msgType>Alert</msgType>", update}, warning.FlagNoReferences, Accepted},
		{"a reference to itself", refs("cap@example.invalid,A-1,2026-07-10T18:05:00+08:00"), warning.FlagSelfReference, Accepted},
		{"a reference to the future", refs("cap@example.invalid,A-0,2026-07-11T18:05:00+08:00"), warning.FlagReferenceLater, Accepted},
		{"a reference to another sender", refs("x@example.invalid,A-0,2026-07-10T17:05:00+08:00"), warning.FlagForeignReference, Accepted},
		{"a reference of two parts", refs("x,A-0"), warning.FlagReferenceBad, Accepted},
		{"a comment inside a word", []string{">Alert<", ">Al<!-- -->ert<"}, warning.FlagCommentInText, Accepted},
		{"a signature", []string{"</alert>", `<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/></alert>`}, warning.FlagUnsigned, Accepted},
		{"severity below the headline", []string{">Severe<", ">Minor<"}, warning.FlagLevelConflict, Accepted},
		{"a blank severity", []string{">Severe<", "><"}, warning.FlagEnumUnknown, Accepted},
		{"no level anywhere", []string{">Severe<", ">Unknown<", "橙色", ""}, warning.FlagLevelUnknown, Accepted},
		{"an event nobody knows", []string{">暴雨<", ">盗抢<", "暴雨", ""}, warning.FlagHazardUnknown, Accepted},
		{"an open ring", []string{" 30.00,102.90</polygon>", "</polygon>"}, warning.FlagRingClosed, Accepted},
		{"a region that does not exist", []string{"<polygon>" + square + "</polygon>", "<geocode><valueName>CN_ADMIN_6</valueName><value>511899</value></geocode>"}, warning.FlagRegionUnknown, Held},
		{"a code system nobody knows", []string{"</polygon>", "</polygon><geocode><valueName>X</valueName><value>ABC</value></geocode>"}, warning.FlagGeocodeUnknown, Accepted},
		{"a German cell is not Hong Kong", []string{"</polygon>", "</polygon><geocode><valueName>WARNCELLID</valueName><value>814626190</value></geocode>"}, warning.FlagGeocodeUnknown, Accepted},
		{"no info", []string{string(capDoc()[slices.Index(capDoc(), '\n')+1:]), `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>A</identifier><sender>s</sender><sent>2026-07-10T18:05:00+08:00</sent><status>Actual</status><msgType>Alert</msgType></alert>`}, warning.FlagFieldMissing, Held},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, r := one(t, capDoc(c.edits...))
			wantFlag(t, m, c.flag)
			if r.Outcome != c.outcome {
				t.Errorf("outcome %s %v, want %s", r.Outcome, r.Reasons, c.outcome)
			}
		})
	}
}

func TestCAPNotForDispatch(t *testing.T) {
	for _, status := range []string{"Test", "Exercise", "Draft", "System"} {
		m, r := one(t, capDoc(">Actual<", ">"+status+"<"))
		if r.Outcome != Ignored || m.Dispatchable(receivedAt) {
			t.Errorf("%s: outcome %s, dispatchable %v", status, r.Outcome, m.Dispatchable(receivedAt))
		}
	}
	for _, kind := range []string{"Ack", "Error"} {
		if _, r := one(t, capDoc(">Alert<", ">"+kind+"<")); r.Outcome != Ignored {
			t.Errorf("%s: outcome %s", kind, r.Outcome)
		}
	}
}

func TestCAPEndsInThreeWays(t *testing.T) {
	for name, edits := range map[string][]string{
		"Cancel":             {">Alert<", ">Cancel<"},
		"AllClear":           {">Alert<", ">Update<", "<urgency>", "<responseType>AllClear</responseType><urgency>"},
		"解除 in the headline": {">Alert<", ">Update<", "发布暴雨橙色预警", "解除暴雨橙色预警"},
	} {
		t.Run(name, func(t *testing.T) {
			m, _ := one(t, capDoc(edits...))
			if !m.Ends() || m.Dispatchable(receivedAt) {
				t.Errorf("Ends %v, Dispatchable %v", m.Ends(), m.Dispatchable(receivedAt))
			}
		})
	}
	m, _ := one(t, capDoc("发布暴雨橙色预警", "解除暴雨黄色预警，发布暴雨橙色预警"))
	if m.Ends() {
		t.Error("lifting one signal to issue another does not end the warning")
	}
}

func TestCAPReferencesAreSplitByAnyBlank(t *testing.T) {
	m, _ := one(t, capDoc("<msgType>Alert</msgType>", "<msgType>Update</msgType>",
		"<scope>", "<references>cap@example.invalid,A-0,2026-07-10T17:05:00+08:00\n\t cap@example.invalid,B-0,2026-07-10T08:05:00-00:00</references><scope>"))
	if len(m.References) != 2 || !m.References[1].Sent.Equal(time.Date(2026, 7, 10, 8, 5, 0, 0, time.UTC)) {
		t.Errorf("got %+v", m.References)
	}
}

func TestCAPLanguagesFormGroups(t *testing.T) {
	english := `<info><language>en-US</language><event>Rain</event><severity>Severe</severity><headline>Rain</headline><area><areaDesc>Yucheng</areaDesc><polygon>` + square + `</polygon></area></info></alert>`
	m, _ := one(t, capDoc("</alert>", english))
	if len(m.Claims) != 2 || len(m.Groups()) != 1 || m.Groups()[0].Language != "zh-CN" {
		t.Errorf("two languages are one group, in Chinese; got %+v", m.Groups())
	}
	second := `<info><language>zh-CN</language><event>大风</event><severity>Minor</severity><headline>大风</headline><area><areaDesc>雨城区</areaDesc><polygon>` + square + `</polygon></area></info></alert>`
	m, _ = one(t, capDoc("</alert>", second))
	if len(m.Groups()) != 2 || m.Groups()[1].Hazard != warning.Wind {
		t.Errorf("two blocks of one language are two things; got %+v", m.Groups())
	}
}

func TestCAPDefaultValidity(t *testing.T) {
	m, _ := one(t, capDoc("<expires>2026-07-11T18:05:00+08:00</expires>", ""))
	c := m.Claims[0]
	if !c.ExpiresDefault || c.Expires.Sub(m.Sent) != 24*time.Hour {
		t.Errorf("a missing end gives the default validity of the hazard, got %s", c.Expires)
	}
}

func TestCAPIgnoresElementsOfOtherNamespaces(t *testing.T) {
	m, _ := one(t, capDoc("<status>", `<msgType xmlns="urn:x">Cancel</msgType><status>`))
	if m.MsgType != warning.MsgAlert {
		t.Errorf("got %s", m.MsgType)
	}
}
