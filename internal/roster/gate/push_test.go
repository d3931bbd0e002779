package gate_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"muster/internal/errs"
	"muster/internal/roster"
	"muster/internal/roster/gate"
	"muster/internal/roster/gate/gatetest"
)

const passesPath = "/gate/push/t0ken/passes"

func TestABatchWithOneBrokenRecord(t *testing.T) {
	h := open(t, gate.Push, nil)
	body := []byte(`{"passes":[
	  {"event_key":"1","time":"2026-03-14T07:04:03+08:00","external":{"code":"10023"},"direction":"in"},
	  {"event_key":"2","time":"yesterday","external":{"code":"10024"}},
	  {"event_key":3},
	  {"event_key":"4","time":"1970-01-01T08:00:00+08:00","external":{"code":"10025"}},
	  {"event_key":"5","time":"2026-03-14T15:04:03+08:00","external":{"code":"10026"}},
	  {"event_key":"6","time":"2026-03-14T07:04:03+08:00"},
	  {"event_key":"7","time":"2026-03-14T07:04:03+08:00","external":{"code":"a\u0000b"}}]}`)
	status, answer := h.post(passesPath, "application/json", body)
	if status != 200 {
		t.Fatal(status, answer)
	}
	var got struct {
		Accepted, Repeated int
		Quarantined        []struct {
			Index  int
			Reason roster.Reason
			Text   string
		}
	}
	if err := json.Unmarshal([]byte(answer), &got); err != nil {
		t.Fatal(err)
	}
	want := map[int]roster.Reason{1: gate.Unreadable, 2: gate.Unreadable, 3: roster.Clock1970, 4: roster.ZoneError, 5: gate.Nobody, 6: gate.Unreadable}
	if got.Accepted != 1 || len(got.Quarantined) != len(want) {
		t.Fatalf("%s", answer)
	}
	for _, q := range got.Quarantined {
		if want[q.Index] != q.Reason || q.Text == "" {
			t.Errorf("record %d: %s, want %s", q.Index, q.Reason, want[q.Index])
		}
	}
	if _, answer := h.post(passesPath, "application/json", body); !strings.Contains(answer, `"accepted":0,"repeated":1`) {
		t.Error("sent again:", answer)
	}
}

func TestSameKeyWithOtherContentIsAConflict(t *testing.T) {
	h := open(t, gate.Push, nil)
	one := `{"passes":[{"event_key":"1","time":"2026-03-14T07:04:03+08:00","external":{"code":"%s"}}]}`
	h.post(passesPath, "application/json", fmt.Appendf(nil, one, "10023"))
	if _, answer := h.post(passesPath, "application/json", fmt.Appendf(nil, one, "10024")); !strings.Contains(answer, `"reason":"conflict"`) {
		t.Error(answer)
	}
}

// The direction that is registered may change between a pass and its repetition.
func TestARepetitionIsOneAlsoWhenTheGateWasTurnedRound(t *testing.T) {
	h := open(t, gate.Push, nil)
	body := []byte(`{"passes":[{"event_key":"1","time":"2026-03-14T07:04:03+08:00","external":{"code":"10023"}}]}`)
	h.post(passesPath, "application/json", body)
	h.door.Look(func(d *gatetest.Door) { d.Devices[0].Direction = roster.In })
	if _, answer := h.post(passesPath, "application/json", body); !strings.Contains(answer, `"repeated":1`) {
		t.Error(answer)
	}
}

func TestBatchesThatAreNone(t *testing.T) {
	many := `{"passes":[` + strings.TrimSuffix(strings.Repeat(`{},`, 1001), ",") + `]}`
	for name, c := range map[string]struct {
		body, code string
		status     int
	}{
		"not JSON":   {`passes=1`, "json", 422},
		"cut off":    {`{"passes":[{"event_key":"1"`, "json", 422},
		"empty":      {`{"passes":[]}`, "empty", 422},
		"1001":       {many, "too_many", 422},
		"other form": {`[{"event_key":"1"}]`, "json", 422},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, gate.Push, nil)
			status, answer := h.post(passesPath, "application/json", []byte(c.body))
			if status != c.status || !strings.Contains(answer, `"code":"`+c.code+`"`) {
				t.Error(status, answer)
			}
			if len(h.door.Raws) != 1 {
				t.Errorf("%d requests kept; what cannot be read is kept too", len(h.door.Raws))
			}
		})
	}
}

var secret = []byte("a secret of the push API")

// signedHeaders signs for the house's clock.
func signedHeaders(at time.Time, nonce string, body []byte) []string {
	unix := strconv.FormatInt(at.Unix(), 10)
	return []string{gate.HeaderKey, "k1", gate.HeaderTime, unix, gate.HeaderNonce, nonce,
		gate.HeaderSignature, gate.Sign(secret, unix, nonce, "POST", "/gate/push/passes", body)}
}

func TestSignatures(t *testing.T) {
	body := []byte(`{"passes": [{"event_key":"1","time":"2026-03-14T07:04:03+08:00","external":{"code":"10023"}}]}`)
	for name, c := range map[string]struct {
		headers []string
		status  int
		words   string
	}{
		"right":               {signedHeaders(seven, "nonce-01", body), 200, `"accepted":1`},
		"over compact JSON":   {signedHeaders(seven, "nonce-02", bytes.ReplaceAll(body, []byte(" "), nil)), 401, "重新编码"},
		"without the body":    {signedHeaders(seven, "nonce-03", nil), 401, "没有包含请求正文"},
		"8 hours off":         {signedHeaders(seven.Add(8*time.Hour), "nonce-04", body), 401, "时区"},
		"10 minutes off":      {signedHeaders(seven.Add(-10*time.Minute), "nonce-05", body), 401, "校时"},
		"no signature":        {[]string{gate.HeaderKey, "k1"}, 401, gate.HeaderNonce},
		"a short nonce":       {signedHeaders(seven, "n", body), 401, "字符"},
		"a key nobody knows":  {[]string{gate.HeaderKey, "k2"}, 401, "没有登记"},
		"nothing at all":      {nil, 401, "没有写明是哪台设备"},
		"an altered document": {signedHeaders(seven, "nonce-06", []byte("other")), 401, "签名不对"},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, gate.Push, func(r *gatetest.Registered) { r.KeyID, r.Secret = "k1", secret })
			status, answer := h.post("/gate/push/passes", "application/json", body, c.headers...)
			if status != c.status || !strings.Contains(answer, c.words) {
				t.Error(status, answer)
			}
		})
	}
}

func TestANonceIsUsedOnce(t *testing.T) {
	h := open(t, gate.Push, func(r *gatetest.Registered) { r.KeyID, r.Secret = "k1", secret })
	body := []byte(`{"passes":[{"event_key":"1","time":"2026-03-14T07:04:03+08:00","external":{"code":"10023"}}]}`)
	headers := signedHeaders(seven, "nonce-01", body)
	h.post("/gate/push/passes", "application/json", body, headers...)
	status, answer := h.post("/gate/push/passes", "application/json", body, headers...)
	if status != 401 || !strings.Contains(answer, "nonce_replayed") {
		t.Error(status, answer)
	}
}

func TestNothingIsAcknowledgedThatIsNotStored(t *testing.T) {
	h := open(t, gate.Push, nil)
	h.door.Down = errs.New(errs.Down, "database", "数据库不可用")
	status, _ := h.post(passesPath, "application/json", []byte(`{"passes":[{"event_key":"1","time":"2026-03-14T07:04:03+08:00","external":{"code":"1"}}]}`))
	if status != 503 {
		t.Error(status)
	}
}

func TestABeatIsToldWhatIsWrongWithItsClock(t *testing.T) {
	h := open(t, gate.Push, nil)
	_, answer := h.post("/gate/push/t0ken/beat", "application/json", []byte(`{"time":"2026-03-14T15:04:04+08:00","serial":"S1","backlog":12}`))
	if !strings.Contains(answer, "时区") {
		t.Error(answer)
	}
	if b := h.door.Beats[0]; b.Backlog != 12 || b.Serial != "S1" {
		t.Errorf("%+v", b)
	}
}
