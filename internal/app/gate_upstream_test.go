package app

import (
	"bytes"
	"strings"
	"testing"

	"muster/internal/account"
	"muster/internal/postgres/pgtest/valley"
)

// A platform is set up, looked at and taken out of use from the command line; its
// secret is not shown and not kept in clear.
func TestAPlatformAboveFromTheCommandLine(t *testing.T) {
	d := valley.World.Clone(t)
	env := map[string]string{"MUSTER_DATABASE": d.AppDSN, "MUSTER_SEAL_KEYS": account.NewKeyRing("k1")}
	does := func(want int, words string, args ...string) {
		t.Helper()
		var out bytes.Buffer
		code := Run(t.Context(), append([]string{"gate", "upstream"}, args...), func(name string) string { return env[name] }, strings.NewReader(""), &out, &out)
		if code != want || !strings.Contains(out.String(), words) || strings.Contains(out.String(), gateSecret) {
			t.Errorf("%v: %d %s", args, code, &out)
		}
	}
	add := []string{"add", "省平台", "P1", "https://above.example/open.api", "--app-id", "a1", "--secret", gateSecret}
	does(ExitOK, "已登记 省平台", append(add, "--code", "UP-1", "--from", "2026-03-01")...)
	does(ExitOK, "省平台\tP1\tUP-1\thttps://above.example/open.api\t还没有联系过", "list")
	does(ExitOK, "2026-03-01 00:00:00 起收到的打卡，已取到 2026-03-01 00:00:00；上级收下 0 条", "status", "省平台")
	does(ExitOK, "0 条将在一分钟内重报", "retry", "省平台")
	does(ExitOK, "已停用", "disable", "省平台")
	does(ExitOK, "状态：已停用", "status", "省平台")
	does(ExitOK, "已登记", add...)
	does(ExitOK, "还没有联系过", "status", "省平台")
	does(ExitFailed, "另一个项目", "add", "省平台", "P2", "https://above.example/", "--app-id", "a1", "--secret", gateSecret)
	does(ExitFailed, "32 个字符", "add", "x", "P1", "https://above.example/", "--app-id", "a1", "--secret", "short")
	does(ExitFailed, "https://", "add", "x", "P1", "above.example", "--app-id", "a1", "--secret", gateSecret)
	does(ExitFailed, "上级平台", "status", "nobody")
}
