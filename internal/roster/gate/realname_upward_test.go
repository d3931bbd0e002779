package gate_test

import (
	"strings"
	"testing"

	"muster/internal/roster/gate"
)

func TestWhatAPlatformSaysIsKeptWithoutPeople(t *testing.T) {
	for said, want := range map[string]string{
		"[workerList][0][date]不能大于当天!":                     "[workerList][0][date]不能大于当天!",
		"证件号码" + specimen + "已在其他班组":                       "证件号码…已在其他班组",
		"示例甲（13800000000）的进场日期不能早于2026-03-01":              "…（…）的进场日期不能早于2026-03-01",
		"hAxzn1BnqGRh3Kxvm9OO9j6AiD3NW0y7H++jiuM6Zg8=解密失败": "…解密失败",
		"[idCardNumber]错误: WorkerAttendance":               "[idCardNumber]错误: WorkerAttendance",
		"5001**********1234重复":                             "…重复",
	} {
		if got := gate.Tell(said, "示例甲", ""); got != want {
			t.Errorf("%q is kept as %q, want %q", said, got, want)
		}
	}
	if got := gate.Tell(strings.Repeat("长", 5000)); len([]rune(got)) != 201 {
		t.Errorf("%d characters are kept", len([]rune(got)))
	}
}
