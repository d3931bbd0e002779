package feed

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/warning"
)

func TestCN12379Plain(t *testing.T) {
	m, r := one(t, cnDoc())
	if r.Format != "cma" || r.Outcome != Accepted || len(m.Flags) != 0 {
		t.Errorf("got %s %s %v flags %v", r.Format, r.Outcome, r.Reasons, m.Flags)
	}
	if m.NationalID != m.ID || m.SenderCode != "51180041600000" {
		t.Errorf("got %q %q", m.NationalID, m.SenderCode)
	}
	if !m.Sent.Equal(time.Date(2026, 7, 10, 10, 5, 0, 0, time.UTC)) {
		t.Errorf("sent %s", m.Sent)
	}
	c := m.Claims[0]
	if c.Hazard != warning.Rain || c.Level != warning.Orange || !c.ExpiresDefault || c.Event != "暴雨" {
		t.Errorf("got %+v", c)
	}
	if want := []string{"511802000000", "511803000000"}; !slices.Equal(c.Area.Regions, want) {
		t.Errorf("regions %v", c.Area.Regions)
	}
}

func TestCN12379KeepsNoPersonalData(t *testing.T) {
	m, _ := one(t, cnDoc())
	all, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, personal := range []string{"签发人", `"00000000000"`} {
		if strings.Contains(string(all), personal) {
			t.Errorf("the message keeps %s", personal)
		}
	}
}

func TestCN12379Areas(t *testing.T) {
	geocode := "511802000000,511803000000"
	for _, c := range []struct {
		name           string
		edits          []string
		fine, possible []string
		basis          warning.Basis
		flag           warning.Flag
		outcome        Outcome
	}{
		{"the sender's district twice, then its townships",
			[]string{geocode, "511802000000,511802000000,511802100000，511802101000", "雨城区,名山区", "雨城区,雨城区,甲镇,乙镇"},
			[]string{"511802100000", "511802101000"}, []string{"511802000000"}, warning.BasisGeocode, warning.FlagAreaCoarse, Accepted},
		{"a province alone, twice", []string{geocode, "510000000000,510000000000", "雨城区,名山区", "四川省,四川省"},
			[]string{"510000000000"}, nil, warning.BasisGeocode, "", Accepted},
		{"names and codes differ in number", []string{"雨城区,名山区", "雨城区"},
			[]string{"511802000000", "511803000000"}, nil, warning.BasisGeocode, warning.FlagCountMismatch, Accepted},
		{"a code that does not exist beside one that does", []string{"511803000000", "511899000000"},
			[]string{"511802000000"}, nil, warning.BasisGeocode, warning.FlagRegionUnknown, Held},
		{"no codes: the names are possible", []string{geocode, ""},
			nil, []string{"511802000000", "511803000000"}, warning.BasisText, warning.FlagAreaCoarse, Held},
		{"no codes and no names: the office's territory is possible", []string{geocode, "", "雨城区,名山区", "本地"},
			nil, []string{"511800000000"}, warning.BasisOffice, warning.FlagNoFineArea, Held},
		{"an open polygon is a line", []string{"<polygon/>", "<polygon>30,103 30.1,103 30.1,103.1</polygon>"},
			[]string{"511802000000", "511803000000"}, nil, warning.BasisGeocode, warning.FlagLineNotArea, Accepted},
		{"a polygon with longitude first", []string{"<polygon/>", "<polygon>103,30 103.1,30 103.1,30.1 103,30</polygon>"},
			[]string{"511802000000", "511803000000"}, nil, warning.BasisPolygon, warning.FlagAxisAssumed, Accepted},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, r := one(t, cnDoc(c.edits...))
			a := m.Claims[0].Area
			if !slices.Equal(a.Regions, c.fine) || !slices.Equal(a.Possible, c.possible) || a.Basis != c.basis {
				t.Errorf("got %v, possible %v, by %s", a.Regions, a.Possible, a.Basis)
			}
			if r.Outcome != c.outcome {
				t.Errorf("outcome %s %v, want %s", r.Outcome, r.Reasons, c.outcome)
			}
			if c.flag != "" {
				wantFlag(t, m, c.flag)
			}
		})
	}
}

func TestCN12379CircleIsInMetres(t *testing.T) {
	for name, text := range map[string]string{"latitude first": "30.00,103.00 5000", "longitude first": "103.00,30.00 5000"} {
		t.Run(name, func(t *testing.T) {
			m, _ := one(t, cnDoc("<circle/>", "<circle>"+text+"</circle>", "511802000000,511803000000", ""))
			wantFlag(t, m, warning.FlagAxisAssumed)
			box := m.Claims[0].Area.Geometry.Bound()
			if height := box.Top() - box.Bottom(); height < 0.089 || height > 0.091 {
				t.Errorf("10 km are 0.090 degrees of latitude, got %f", height)
			}
			if box.Center()[0] < 100 {
				t.Errorf("longitude stands first in storage, got %v", box.Center())
			}
		})
	}
}

func TestCN12379Level(t *testing.T) {
	for _, c := range []struct {
		name, severity, headline string
		want                     warning.Level
		conflict                 bool
	}{
		{"field and headline agree", "Orange", "雅安市气象局发布暴雨橙色预警", warning.Orange, false},
		{"raised: what stands after the word counts", "Orange", "雅安市气象局将暴雨黄色预警升级为橙色", warning.Orange, false},
		{"lowered", "Yellow", "雅安市气象局将暴雨红色预警信号降级为黄色预警信号", warning.Yellow, false},
		{"a conflict takes the higher", "Yellow", "雅安市气象局发布暴雨红色预警", warning.Red, true},
		{"an unknown field leaves the headline", "Unknown", "雅安市气象局发布暴雨蓝色预警", warning.Blue, false},
		{"an unknown field leaves the grade", "Unknown", "雅安市气象局发布暴雨预警[Ⅲ级/较重]", warning.Yellow, false},
		{"nothing says it", "Unknown", "雅安市气象局发布暴雨预警", warning.LevelUnknown, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, _ := one(t, cnDoc(">Orange<", ">"+c.severity+"<", "雅安市气象局发布暴雨橙色预警[II级/严重]", c.headline))
			if got := m.Claims[0].Level; got != c.want || m.HasFlag(warning.FlagLevelConflict) != c.conflict {
				t.Errorf("got %s, flags %v", got, m.Flags)
			}
		})
	}
}

func TestCN12379Chain(t *testing.T) {
	m, _ := one(t, cnDoc(">Alert<", ">Update<", "_20260710180500<", "_20260710193000<",
		"<references/>", "<references>51180041600000_20260710180500</references>"))
	if len(m.References) != 1 || m.References[0].ID != "51180041600000_20260710180500" || m.References[0].Sender != "" {
		t.Errorf("the bare first id, got %+v", m.References)
	}
	m, _ = one(t, cnDoc(">Alert<", ">Cancle<", "<references/>", "<references>51180041600000_20260710180500</references>"))
	if m.MsgType != warning.MsgCancel {
		t.Errorf("a known misspelling is still a cancel, got %s", m.MsgType)
	}
	m, _ = one(t, cnDoc("51180041600000_2026", "51010041600000_2026"))
	wantFlag(t, m, warning.FlagSenderMismatch)
	m, _ = one(t, cnDoc(">None<", ">Inner<"))
	if !m.Inner {
		t.Error("internal messages are marked")
	}
}
