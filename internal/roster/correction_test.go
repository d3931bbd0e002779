package roster_test

import (
	"strings"
	"testing"
	"time"

	"muster/internal/roster"
)

func TestWhatABacklogChangedIsSaid(t *testing.T) {
	noon := time.Date(2026, 7, 10, 4, 0, 0, 0, time.UTC)
	l := roster.LatePasses{Serial: "G-1", Passes: 40, From: noon, Until: noon.Add(2 * time.Hour), Received: noon.Add(3 * time.Hour), Hours: []roster.Corrected{
		{At: noon, CertainBefore: 6, PossibleBefore: 1, Certain: 14, Possible: 1},
		{At: noon.Add(time.Hour), CertainBefore: 6, PossibleBefore: 2, Certain: 16, Possible: 0},
		{At: noon.Add(2 * time.Hour), CertainBefore: 6, Certain: 6},
	}}
	want := "闸机 G-1 补传了 7月10日12:00 至 7月10日14:00 的 40 条打卡，7月10日15:00 收到。2 个整点的在场人数随之改正；改得最多的是 7月10日13:00：确定在场由 6 改为 16，可能在场由 2 改为 0。"
	if got := l.Words(); got != want {
		t.Errorf("%s", got)
	}
	if got := (roster.LatePasses{Hours: l.Hours[:1]}).Words(); !strings.HasSuffix(got, "：确定在场由 6 改为 14。") {
		t.Errorf("%s", got)
	}
	l.Hours = l.Hours[2:]
	if got := l.Words(); got != "闸机 G-1 补传了 7月10日12:00 至 7月10日14:00 的 40 条打卡，7月10日15:00 收到。整点的在场人数没有变。" {
		t.Errorf("%s", got)
	}
}
