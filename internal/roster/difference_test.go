package roster_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/internal/clock"
	"muster/internal/roster"
)

func TestDifferencesAreSaidInWords(t *testing.T) {
	night := time.Date(2026, 7, 10, 23, 0, 0, 0, clock.Shanghai)
	heard := func(ago time.Duration) *roster.Gates { return &roster.Gates{Count: 1, HeardAt: night.Add(-ago)} }
	counted := func(people int, ago time.Duration) *roster.EveningNumber {
		return &roster.EveningNumber{People: people, At: night.Add(-ago)}
	}
	for _, c := range []struct {
		what string
		n    roster.Numbers
		want []string
	}{
		{"all agree", roster.Numbers{Certain: 23, Expected: 23, Evening: counted(23, 2*time.Hour), Gates: heard(time.Minute)}, nil},
		{"the gate is silent", roster.Numbers{Certain: 17, Expected: 23, Evening: counted(23, 2*time.Hour), Gates: heard(6*time.Hour + 20*time.Minute)},
			[]string{"晚间报数 23，打卡在场 17：差 6 人；闸机已静默 6 小时"}},
		{"silent, and yet they agree", roster.Numbers{Certain: 23, Expected: 23, Evening: counted(23, time.Hour), Gates: heard(90 * time.Minute)},
			[]string{"闸机已静默 1 小时"}},
		{"possible people are not added", roster.Numbers{Certain: 17, Possible: 6, Expected: 25, Evening: counted(23, time.Hour), Gates: heard(time.Minute)},
			[]string{"晚间报数 23，打卡在场 17：差 6 人；另有 6 人可能在场", "晚间报数 23，应在 25：差 2 人"}},
		{"nobody counted", roster.Numbers{Certain: 17, Expected: 25, Gates: &roster.Gates{Count: 2}},
			[]string{"打卡在场 17，应在 25：差 8 人；闸机从未有过消息"}},
		{"counted days ago", roster.Numbers{Certain: 25, Expected: 25, Evening: counted(3, 73*time.Hour), Gates: heard(time.Minute)},
			[]string{"最近一次晚间报数是 3 天前的，未与它比较"}},
		{"no gate", roster.Numbers{Expected: 25, Evening: counted(23, time.Hour), Gates: &roster.Gates{}},
			[]string{"晚间报数 23，应在 25：差 2 人", "这里没有闸机：在场人数只能靠报数和登记"}},
		{"no gate, but codes to scan", roster.Numbers{Certain: 17, Expected: 25, Evening: counted(23, time.Hour), Gates: &roster.Gates{Scanned: true}},
			[]string{"晚间报数 23，打卡在场 17：差 6 人", "晚间报数 23，应在 25：差 2 人", "这里没有闸机：在场人数靠扫码、报数和登记"}},
		{"long ago nothing is known of the gate", roster.Numbers{Certain: 17, Expected: 17, Evening: counted(18, time.Hour)},
			[]string{"晚间报数 18，打卡在场 17：差 1 人", "晚间报数 18，应在 17：差 1 人"}},
		{"who cannot be there", roster.Numbers{Certain: 3, Expected: 3, OnLeave: 1, ManySites: 1, Gates: heard(time.Minute)},
			[]string{"1 人请假却打卡在场，仍算在场", "在场的 1 人一天内在 10 个以上点位打过卡，请核实是否有人代打卡"}},
	} {
		t.Run(c.what, func(t *testing.T) {
			c.n.At = night
			var got []string
			for _, d := range c.n.Differences() {
				got = append(got, d.Text)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
