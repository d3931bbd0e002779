package roster_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"muster/internal/roster"
)

var noon = time.Date(2026, 7, 10, 4, 0, 0, 0, time.UTC)

func TestJudgingADevicesClock(t *testing.T) {
	for _, c := range []struct {
		what string
		at   time.Time
		want roster.Reason
	}{
		{"now", noon, ""},
		{"a day late", noon.Add(-24 * time.Hour), ""},
		{"thirty days late", noon.Add(-30 * 24 * time.Hour), ""},
		{"more than thirty days late", noon.Add(-30*24*time.Hour - time.Second), roster.TooOld},
		{"five minutes ahead", noon.Add(5 * time.Minute), ""},
		{"six minutes ahead", noon.Add(6 * time.Minute), roster.Future},
		{"local time sent as UTC", noon.Add(8*time.Hour - 20*time.Second), roster.ZoneError},
		{"seven and a half hours ahead", noon.Add(7*time.Hour + 30*time.Minute), roster.Future},
		{"a day ahead", noon.Add(24 * time.Hour), roster.Future},
		{"the clock of the factory", time.Date(1970, 1, 1, 0, 3, 0, 0, time.UTC), roster.Clock1970},
		{"the clock of another factory", time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), roster.Clock1970},
	} {
		t.Run(c.what, func(t *testing.T) {
			if got := roster.Judge(c.at, noon); got != c.want {
				t.Errorf("want %q, got %q", c.want, got)
			}
		})
	}
}

// A worker comes in, the evidence gets old, he goes out.
func TestADayOfPresence(t *testing.T) {
	site, other := uuid.New(), uuid.New()
	pass := func(hours int, at uuid.UUID, d roster.Direction) roster.Pass {
		return roster.Pass{DeviceID: site, DeviceTime: noon.Add(time.Duration(hours) * time.Hour), SiteID: at, Direction: d}
	}
	p := roster.Fold(roster.Presence{}, pass(0, site, roster.In))
	if got := p.At(noon.Add(13 * time.Hour)); got != roster.Certain {
		t.Errorf("13 hours after the entry: %s", got)
	}
	if got := p.At(noon.Add(14 * time.Hour)); got != roster.Possible {
		t.Errorf("14 hours after the entry: %s", got)
	}
	p = roster.Fold(p, pass(15, other, roster.Unknown))
	if got := p.At(noon.Add(15 * time.Hour)); got != roster.Possible || p.SiteID != other {
		t.Errorf("seen elsewhere, direction unknown: %s", got)
	}
	p = roster.Fold(p, pass(16, other, roster.Out))
	if got := p.At(noon.Add(16 * time.Hour)); got != roster.Away {
		t.Errorf("gone out: %s", got)
	}
	if got := (roster.Presence{}).At(noon); got != roster.Away {
		t.Errorf("never seen: %s", got)
	}
}

// Any order and any repetition of the same passes gives the same presence.
func TestFoldIsOrderFree(t *testing.T) {
	devices := []uuid.UUID{uuid.MustParse("00000000-0000-7000-8000-000000000001"), uuid.MustParse("00000000-0000-7000-8000-0000000000ff")}
	rapid.Check(t, func(t *rapid.T) {
		passes := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) roster.Pass {
			return roster.Pass{
				DeviceID:   rapid.SampledFrom(devices).Draw(t, "device"),
				DeviceTime: noon.Add(time.Duration(rapid.IntRange(0, 4).Draw(t, "minute")) * time.Minute),
				EventKey:   rapid.SampledFrom([]string{"1", "2", "B", "a"}).Draw(t, "key"),
				PersonID:   devices[0],
			}
		}), 1, 20, func(p roster.Pass) roster.Pass { return p }).Draw(t, "passes")
		for i := range passes {
			passes[i].SiteID = uuid.NewSHA1(uuid.Nil, []byte{byte(i)})
			passes[i].Direction = rapid.SampledFrom([]roster.Direction{roster.In, roster.Out, roster.Unknown}).Draw(t, "direction")
		}
		var want roster.Presence
		for _, p := range passes {
			want = roster.Fold(want, p)
		}
		again := append(append([]roster.Pass{}, passes...), rapid.SliceOf(rapid.SampledFrom(passes)).Draw(t, "repeated")...)
		var got roster.Presence
		for _, p := range rapid.Permutation(again).Draw(t, "order") {
			got = roster.Fold(got, p)
		}
		if got != want {
			t.Fatalf("want %+v, got %+v", want, got)
		}
	})
}
