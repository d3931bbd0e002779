package gate_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"muster/internal/reftest"
	"muster/internal/roster"
	"muster/internal/roster/gate"
	"muster/internal/roster/gate/gatetest"
)

const dahuaPath, ufacePath = "/gate/dahua/t0ken", "/gate/uface/t0ken"

func TestDahuaSamples(t *testing.T) {
	events, ok := reftest.Read(t, "devices/dahua/EventHttpUpload.json")
	if !ok {
		return
	}
	stream, _ := reftest.Read(t, "devices/dahua/attach-stream.txt")
	h := open(t, gate.Dahua, nil)
	if status, answer := h.post(dahuaPath, "application/json", events); status != 200 {
		t.Fatal(status, answer)
	}
	h.post(dahuaPath, "multipart/x-mixed-replace; boundary=myboundary", stream) // the same pass, seen by the stream
	p := h.passes()
	if len(p) != 1 || len(h.kept()) != 0 || p[0].Direction != roster.In || p[0].Reader != "1" || p[0].Person.Code != "10023" || !p[0].Time.Equal(seven.Add(-time.Second)) {
		t.Errorf("%+v %v", p, h.kept())
	}
	if len(h.door.Beats) != 1 {
		t.Error("the heart-beat of the stream was not heard")
	}
}

func TestDahuaInOtherClothes(t *testing.T) {
	for name, c := range map[string]struct {
		kind, body string
		passes     int
		kept       []roster.Reason
	}{
		"text and picture":          {"multipart/form-data; boundary=b", "--b\r\nContent-Type: text/plain\r\n\r\nEvents[0].Code=AccessControl\r\nEvents[0].UserID=10023\r\nEvents[0].Door=0\r\nEvents[0].Method=15\r\nEvents[0].Status=1\r\nEvents[0].UTC=1773443043\r\n--b\r\nContent-Type: image/jpeg\r\n\r\nJPEG\r\n--b--\r\n", 1, nil},
		"found by recordFinder":     {"text/plain", "totalCount=2\r\nrecords[0].CreateTime=1773443043\r\nrecords[0].UserID=1\r\nrecords[0].Status=1\r\nrecords[1].CreateTime=1773443044\r\nrecords[1].UserID=2\r\nrecords[1].Status=0\r\n", 1, nil},
		"local time as UTC":         {"application/json", `{"Events":[{"Code":"AccessControl","Data":{"UserID":"1","Status":1,"UTC":1773471843}}]}`, 0, []roster.Reason{roster.ZoneError}},
		"local time, real one told": {"application/json", `{"Events":[{"Code":"AccessControl","Data":{"UserID":"1","Status":1,"UTC":1773471843,"RealUTC":1773443043}}]}`, 1, nil},
		"another event":             {"application/json", `{"Events":[{"Code":"DoorStatus","Data":{"Status":"Open"}}]}`, 0, nil},
		"one of two is broken":      {"application/json", `{"Events":[7,{"Code":"AccessControl","Data":{"CardNo":"77","Status":1,"UTC":1773443043}}]}`, 1, []roster.Reason{gate.Unreadable}},
		"nobody":                    {"application/json", `{"Events":[{"Code":"AccessControl","Data":{"Status":1,"UTC":1773443043}}]}`, 0, []roster.Reason{gate.Nobody}},
		"no JSON":                   {"application/json", `{"Events":[`, 0, []roster.Reason{gate.Unreadable}},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, gate.Dahua, nil)
			if status, answer := h.post(dahuaPath, c.kind, []byte(c.body)); status != 200 {
				t.Fatal(status, answer)
			}
			if p, kept := h.passes(), h.kept(); len(p) != c.passes || fmt.Sprint(kept) != fmt.Sprint(c.kept) {
				t.Errorf("%+v %v", p, kept)
			}
		})
	}
}

func univiewHouse(t *testing.T) *house {
	return open(t, gate.Uniview, func(r *gatetest.Registered) { r.Serial, r.Bare = "210235TEST0001", true })
}

const univiewPath = "/LAPI/V1.0/PACS/Controller/Event/Notifications"

func TestUniviewSamples(t *testing.T) {
	body, ok := reftest.Read(t, "devices/uniview/person-verification.request.json")
	if !ok {
		return
	}
	want, _ := reftest.Read(t, "devices/uniview/person-verification.response.json")
	for _, prefix := range []string{"", "/gate/uniview/t0ken"} {
		h := univiewHouse(t)
		h.clock.Advance(-time.Second)
		_, answer := h.post(prefix+univiewPath, "application/json", body)
		if !sameJSON(t, answer, string(want)) {
			t.Errorf("%s", answer)
		}
		if p := h.passes(); len(p) != 1 || p[0].Person.Code != "10023" || p[0].Replay || p[0].Method != gate.Face {
			t.Errorf("%+v", p)
		}
	}
	beat, _ := reftest.Read(t, "devices/uniview/heartbeat.request.json")
	want, _ = reftest.Read(t, "devices/uniview/heartbeat.response.json")
	h := univiewHouse(t)
	h.clock.Advance(-time.Second)
	if _, answer := h.post("/LAPI/V1.0/PACS/Controller/HeartReportInfo", "application/json", beat); !sameJSON(t, answer, string(want)) {
		t.Errorf("%s", answer)
	}
	if off, known := h.door.Beats[0].Offset(); !known || off != 0 {
		t.Error(off, known)
	}
}

func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return false
	}
	return fmt.Sprint(x) == fmt.Sprint(y)
}

func TestUniviewEvents(t *testing.T) {
	event := `{"Seq":%s,"DeviceCode":"210235TEST0001","Timestamp":1773443043,"NotificationType":1,"LibMatInfoList":[%s]}`
	for name, c := range map[string]struct {
		matches, seq string
		passes, kept int
	}{
		"history":                 {`{"LibType":3,"MatchStatus":1,"MatchPersonInfo":{"IdentityNo":"34052419800101001x"}}`, "1", 1, 0},
		"failed":                  {`{"LibType":3,"MatchStatus":2,"MatchPersonInfo":{"PersonCode":"1"}}`, "2", 0, 0},
		"expired":                 {`{"LibType":3,"MatchStatus":4,"MatchPersonInfo":{"PersonCode":"1"}}`, "3", 0, 0},
		"a stranger":              {`{"LibType":2,"MatchStatus":1}`, "4", 0, 0},
		"two, one of them broken": {`7,{"LibType":4,"MatchStatus":7,"MatchPersonID":9}`, "5", 1, 1},
		"nobody named":            {`{"LibType":3,"MatchStatus":1}`, "6", 0, 1},
		"broken beyond the Seq":   {`{`, "7", 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			h := univiewHouse(t)
			_, answer := h.post("/gate/uniview/t0ken"+univiewPath, "application/json", fmt.Appendf(nil, event, c.seq, c.matches))
			if !strings.Contains(answer, `"RecordID":`+c.seq) {
				t.Error(answer)
			}
			p := h.passes()
			if len(p) != c.passes || len(h.kept()) != c.kept {
				t.Errorf("%+v %v", p, h.kept())
			}
			if len(p) == 1 && (!p[0].Replay || !p[0].History(seven)) {
				t.Error("history was not labelled as such")
			}
		})
	}
}

func TestUfaceCallbackAndReconciliation(t *testing.T) {
	form, ok := reftest.Read(t, "devices/uface/identify-callback.form.txt")
	if !ok {
		return
	}
	want, _ := reftest.Read(t, "devices/uface/identify-callback.response.json")
	h := open(t, gate.Uface, func(r *gatetest.Registered) { r.Direction = roster.Out })
	if _, answer := h.post(ufacePath+"/callback", formKind, form); !sameJSON(t, answer, string(want)) {
		t.Error(answer)
	}
	if p := h.passes(); len(p) != 1 || p[0].Person.Code != "10023" || p[0].Direction != roster.Out || p[0].Method != gate.Face {
		t.Fatalf("%+v", p)
	}

	terminal := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("pass") != "12345" || r.FormValue("startTime") != "2026-03-14 06:04:04" {
			t.Error(r.Form)
		}
		records := `{"id":1,"personId":"10023","time":1773443043000,"type":"face_0"},{"id":2,"personId":"10024","time":1773443044000,"type":"face_0"},{"id":3,"personId":"STRANGERBABY","time":1773443044000,"type":"face_2"}`
		if r.FormValue("index") != "0" {
			records = `{"id":4,"personId":"10025","time":1773443044000,"type":"card_0"}`
		}
		_, _ = fmt.Fprintf(w, `{"result":1,"success":true,"data":{"pageInfo":{"total":4},"records":[%s]}}`, records)
	}))
	defer terminal.Close()
	u := gate.UfaceTerminal{URL: terminal.URL, Password: "12345", HTTP: http.DefaultClient}
	for range 2 {
		n, err := u.Bring(t.Context(), seven.Add(-time.Hour), seven, h.url+ufacePath)
		if n != 4 || err != nil {
			t.Fatal(n, err)
		}
	}
	if p := h.passes(); len(p) != 3 || len(h.kept()) != 0 {
		t.Errorf("%d passes, %v", len(p), h.kept())
	}
}

func TestUfaceBeats(t *testing.T) {
	h := open(t, gate.Uface, nil)
	if _, answer := h.post(ufacePath+"/beat", formKind, []byte("deviceKey=K1&time=1773443044000")); !strings.Contains(answer, `"result":false`) {
		t.Error(answer)
	}
	if b := h.door.Beats[0]; b.Serial != "K1" || !b.Clock.Equal(seven) {
		t.Errorf("%+v", b)
	}
}

func TestNoPasswordAndNoTokenInAnError(t *testing.T) {
	u := gate.UfaceTerminal{URL: "http://127.0.0.1:1", Password: "pa55", HTTP: http.DefaultClient}
	_, err := u.Bring(t.Context(), seven, seven, "http://127.0.0.1:1/gate/uface/t0ken")
	if err == nil || strings.Contains(err.Error(), "pa55") || strings.Contains(err.Error(), "t0ken") {
		t.Error(err)
	}
}

// Whatever comes, every one of these protocols answers and nothing falls over.
func TestAnyBytesAreAnswered(t *testing.T) {
	paths := map[gate.Protocol]string{gate.Dahua: dahuaPath, gate.Uniview: "/gate/uniview/t0ken" + univiewPath, gate.Uface: ufacePath, gate.ZKTeco: "/gate/zkteco/t0ken/iclock/cdata?table=rtlog"}
	houses := map[gate.Protocol]*house{}
	for p := range paths {
		houses[p] = open(t, p, func(r *gatetest.Registered) { r.PerMinute = 1 << 30 })
	}
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.SampledFrom([]string{`{`, `}`, `[`, `]`, `"Events"`, `"Data"`, `"LibMatInfoList"`, `"records"`, `"data"`, `:`, `,`, `7`, `null`, `"x"`, "Code=", "data=", "AccessControl;", "records[0].UserID=1\n", "personId=1&", "type=face_0&", "time=9999999999999999&", "Seq", "\t", "\n", "--b\r\n", "\x00", "\xff", "\xb2"})
		body := []byte(strings.Join(rapid.SliceOf(piece).Draw(t, "pieces"), ""))
		for p, path := range paths {
			if status, answer := houses[p].post(path, rapid.SampledFrom([]string{"", "application/json", formKind, "multipart/form-data; boundary=b"}).Draw(t, "kind"), body); status != 200 {
				t.Fatal(p, status, answer)
			}
		}
	})
}
