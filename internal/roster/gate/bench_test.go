package gate_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"muster/internal/clock"
	"muster/internal/roster/gate"
	"muster/internal/roster/gate/gatetest"
)

// BenchmarkPush100 is a signed batch of a hundred passes, without socket and
// database: what the door itself costs.
func BenchmarkPush100(b *testing.B) {
	door := gatetest.New(gatetest.Registered{Device: gate.Device{ID: deviceID, Protocol: gate.Push, KeyID: "k1", Secret: secret, PerMinute: 1 << 30}})
	handler := gate.Handler(door, gatetest.Options(clock.NewManual(seven)))
	for n := 0; b.Loop(); n++ {
		list := make([]map[string]any, 100)
		for i := range list {
			list[i] = map[string]any{"event_key": fmt.Sprint(n, "-", i), "time": seven.Format(time.RFC3339), "external": map[string]string{"code": "10023"}, "direction": "in"}
		}
		body, err := json.Marshal(map[string]any{"passes": list})
		if err != nil {
			b.Fatal(err)
		}
		r := httptest.NewRequestWithContext(b.Context(), "POST", "/gate/push/passes", strings.NewReader(string(body)))
		headers := signedHeaders(seven, fmt.Sprintf("nonce-%08d", n), body)
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != 200 {
			b.Fatal(w.Body)
		}
	}
	b.ReportMetric(float64(b.N)*100/b.Elapsed().Seconds(), "passes/s")
}

// BenchmarkZKTeco5000 is a backlog of five thousand lines.
func BenchmarkZKTeco5000(b *testing.B) {
	door := gatetest.New(gatetest.Registered{Token: "t0ken", Device: gate.Device{ID: deviceID, Protocol: gate.ZKTeco, PerMinute: 1 << 30}})
	handler := gate.Handler(door, gatetest.Options(clock.NewManual(seven)))
	var lines strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&lines, "%d\t%s\t0\t15\t\t0\t0\n", 10000+i, seven.Add(-time.Duration(i)*time.Second).Format(time.DateTime))
	}
	for b.Loop() {
		r := httptest.NewRequestWithContext(b.Context(), "POST", "/gate/zkteco/t0ken/iclock/cdata?table=ATTLOG", strings.NewReader(lines.String()))
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Body.String() != "OK:5000" {
			b.Fatal(w.Body)
		}
	}
	b.ReportMetric(float64(b.N)*5000/b.Elapsed().Seconds(), "passes/s")
}
