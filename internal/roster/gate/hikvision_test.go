package gate_test

import (
	"bytes"
	"compress/zlib"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"muster/internal/errs"
	"muster/internal/reftest"
	"muster/internal/roster"
	"muster/internal/roster/gate"
	"muster/internal/roster/gate/gatetest"
)

const hikPath = "/gate/hikvision/t0ken"

func TestHikvisionSamples(t *testing.T) {
	for name, c := range map[string]struct {
		file, kind string
		passes     int
		kept       []roster.Reason
	}{
		"face":                     {"hik/face-pass-75.json", "application/json", 1, nil},
		"card":                     {"hik/card-pass-1.json", "application/json", 1, nil},
		"QR":                       {"hik/qr-pass-156.json", "application/json", 1, nil},
		"wrapped by a camera":      {"hik/camera-wrapped-event.json", "application/json", 1, nil},
		"multipart":                {"hik/multipart-AccessControllerEvent.bin", "multipart/form-data; boundary=MIME_boundary", 1, nil},
		"multipart, another name":  {"hik/multipart-event_log.bin", "multipart/form-data; boundary=MIME_boundary", 1, nil},
		"multipart, unlabelled":    {"hik/multipart-event_log.bin", "", 1, nil},
		"33 hours late":            {"hik/replayed-33h-late.json", "application/json", 1, nil},
		"asked for afterwards":     {"hik/AcsEvent-backfill.response.json", "application/json", 1, nil},
		"refused, validity over":   {"hik/denied-expired-8.json", "application/json", 0, nil},
		"refused, unknown face":    {"hik/face-fail-76.json", "application/json", 0, nil},
		"door":                     {"hik/door-open-21.json", "application/json", 0, nil},
		"heart-beat":               {"hik/heartbeat.json", "application/json", 0, nil},
		"a helmet on the platform": {"hik/isecure-helmet-push.json", "application/json", 0, nil},
		"a clock of the factory":   {"hik/factory-clock-1970.json", "application/json", 0, []roster.Reason{roster.Clock1970}},
	} {
		t.Run(name, func(t *testing.T) {
			body, ok := reftest.Read(t, "devices/"+c.file)
			if !ok {
				return
			}
			h := open(t, gate.Hikvision, nil)
			for range 2 { // a terminal sends again what it is not sure of
				if status, answer := h.post(hikPath, c.kind, body); status != 200 || !strings.Contains(answer, `"statusCode":1`) {
					t.Fatal(status, answer)
				}
			}
			p, kept := h.passes(), h.kept()
			if len(p) != c.passes {
				t.Fatalf("%d passes: %+v", len(p), p)
			}
			if len(p) == 1 && (p[0].Person != gate.Person{Code: "10023"} || p[0].Reader != "1") {
				t.Errorf("%+v", p[0])
			}
			if len(kept) != 2*len(c.kept) || len(kept) > 0 && kept[0] != c.kept[0] {
				t.Error(kept)
			}
			for _, r := range h.door.Raws {
				if bytes.Contains(r.Body, []byte("synthetic-not-a-photo")) {
					t.Error("the picture was kept")
				}
			}
		})
	}
}

// What was asked for afterwards is the pass that came, or did not come, before.
func TestBackfillIsTheSamePass(t *testing.T) {
	live, ok := reftest.Read(t, "devices/hik/face-pass-75.json")
	if !ok {
		return
	}
	later, _ := reftest.Read(t, "devices/hik/AcsEvent-backfill.response.json")
	h := open(t, gate.Hikvision, nil)
	h.post(hikPath, "application/json", live)
	h.post(hikPath, "application/json", later)
	if p := h.passes(); len(p) != 1 || len(h.kept()) != 0 {
		t.Errorf("%+v %v", p, h.kept())
	}
}

const hikFace = `{"macAddress":"02:00:00:aa:bb:01","dateTime":"%s","eventType":"AccessControllerEvent","AccessControllerEvent":{"majorEventType":5,"subEventType":75,"employeeNoString":"%p","serialNo":%n,"cardReaderNo":1,"attendanceStatus":"%a"}}`

func hikPost(at, person, serial, attendance string) []byte {
	return []byte(strings.NewReplacer("%s", at, "%p", person, "%n", serial, "%a", attendance).Replace(hikFace))
}

func TestXMLIsReadAsWell(t *testing.T) {
	h := open(t, gate.Hikvision, nil)
	h.post(hikPath, "application/xml", []byte(`<?xml version="1.0" encoding="UTF-8"?>
<EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema"><macAddress>02:00:00:aa:bb:01</macAddress>
<dateTime>2026-03-14T07:04:03+08:00</dateTime><eventType>AccessControllerEvent</eventType><AccessControllerEvent><majorEventType>5</majorEventType>
<subEventType>1</subEventType><cardNo>0012345678</cardNo><cardReaderNo>2</cardReaderNo><serialNo>9</serialNo><attendanceStatus>checkOut</attendanceStatus></AccessControllerEvent></EventNotificationAlert>`))
	p := h.passes()
	if len(p) != 1 || p[0].Person != (gate.Person{Card: "0012345678"}) || p[0].Direction != roster.Out || p[0].Key != "9" {
		t.Errorf("%+v", p)
	}
}

func TestTheReaderKnowsTheWay(t *testing.T) {
	for name, c := range map[string]struct {
		device  roster.Direction
		readers map[string]roster.Direction
		said    string
		want    roster.Direction
	}{
		"nobody knows":             {roster.Unknown, nil, "undefined", roster.Unknown},
		"the payload":              {roster.Unknown, nil, "checkIn", roster.In},
		"the device, not the rest": {roster.Out, nil, "checkIn", roster.Out},
		"the reader before both":   {roster.Out, map[string]roster.Direction{"1": roster.In}, "checkOut", roster.In},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, gate.Hikvision, func(r *gatetest.Registered) { r.Direction, r.Readers = c.device, c.readers })
			h.post(hikPath, "application/json", hikPost("2026-03-14T07:04:03+08:00", "1", "1", c.said))
			if p := h.passes(); len(p) != 1 || p[0].Direction != c.want {
				t.Errorf("%+v", p)
			}
		})
	}
}

// Some sites enter people under the numbers of their identity cards.
func TestAnEmployeeNumberThatIsAnIdentityCards(t *testing.T) {
	h := open(t, gate.Hikvision, nil)
	h.post(hikPath, "application/json", hikPost("2026-03-14T07:04:03+08:00", strings.ToLower(specimen), "1", "undefined"))
	if p := h.passes(); len(p) != 1 || p[0].Person != (gate.Person{IDNumber: specimen}) {
		t.Errorf("%+v", p)
	}
}

// After a reset the terminal numbers its events from 1 again.
func TestAFactoryResetDoesNoHarm(t *testing.T) {
	h := open(t, gate.Hikvision, nil)
	h.post(hikPath, "application/json", hikPost("2026-03-14T06:00:00+08:00", "10023", "1", "undefined"))
	h.post(hikPath, "application/json", hikPost("2026-03-14T07:00:00+08:00", "10024", "1", "undefined"))
	if p := h.passes(); len(p) != 2 || len(h.kept()) != 0 {
		t.Errorf("%d passes, %v", len(p), h.kept())
	}
}

func TestAClockEightHoursOffIsNamed(t *testing.T) {
	t.Run("ahead: local time labelled as UTC", func(t *testing.T) {
		h := open(t, gate.Hikvision, nil)
		h.post(hikPath, "application/json", hikPost("2026-03-14T07:04:03Z", "1", "1", "undefined"))
		if kept := h.kept(); len(kept) != 1 || kept[0] != roster.ZoneError {
			t.Error(kept)
		}
	})
	t.Run("behind: told from a backlog by the heart-beat", func(t *testing.T) {
		h := open(t, gate.Hikvision, nil)
		behind := "2026-03-13T23:04:03+08:00"
		h.post(hikPath, "application/json", []byte(`{"dateTime":"`+behind+`","eventType":"heartBeat"}`))
		h.post(hikPath, "application/json", hikPost(behind, "1", "1", "undefined"))
		if kept := h.kept(); len(kept) != 1 || kept[0] != roster.ZoneError {
			t.Error(kept)
		}
		if off, known := h.door.Beats[0].Offset(); !known || !strings.Contains(gate.ClockText(off), "时区") {
			t.Error(off, gate.ClockText(off))
		}
	})
	t.Run("a backlog of 8 hours is none", func(t *testing.T) {
		h := open(t, gate.Hikvision, nil)
		h.post(hikPath, "application/json", []byte(`{"dateTime":"2026-03-14T07:04:03+08:00","eventType":"heartBeat"}`))
		h.post(hikPath, "application/json", hikPost("2026-03-13T23:04:03+08:00", "1", "1", "undefined"))
		if p := h.passes(); len(p) != 1 || !p[0].History(seven) {
			t.Errorf("%+v %v", p, h.kept())
		}
	})
}

func TestTwoTerminalsAtOneAddress(t *testing.T) {
	h := open(t, gate.Hikvision, func(r *gatetest.Registered) { r.Serial = "02-00-00-AA-BB-99" })
	h.post(hikPath, "application/json", hikPost("2026-03-14T07:04:03+08:00", "1", "1", "undefined"))
	if kept := h.kept(); len(kept) != 1 || kept[0] != gate.OtherSerial {
		t.Error(kept)
	}
	h = open(t, gate.Hikvision, func(r *gatetest.Registered) { r.Serial = "DS-K1T344-000181" }) // that of the label
	h.post(hikPath, "application/json", hikPost("2026-03-14T07:04:03+08:00", "1", "1", "undefined"))
	if len(h.passes()) != 1 {
		t.Error(h.kept())
	}
}

func TestATerminalSendsAgainUntilWeHaveIt(t *testing.T) {
	h := open(t, gate.Hikvision, nil)
	body := hikPost("2026-03-14T07:04:03+08:00", "1", "1", "undefined")
	h.door.Look(func(d *gatetest.Door) { d.Down = errs.New(errs.Down, "database", "数据库不可用") })
	if status, _ := h.post(hikPath, "application/json", body); status/100 == 2 {
		t.Error(status)
	}
	h.door.Look(func(d *gatetest.Door) { d.Down = nil })
	h.post(hikPath, "application/json", body)
	if len(h.passes()) != 1 {
		t.Error("lost")
	}
}

func TestAMonthSentAgainChangesNothing(t *testing.T) {
	h := open(t, gate.Hikvision, nil)
	month := func() {
		for day := range 29 {
			at := seven.AddDate(0, 0, -day).Format(time.RFC3339)
			h.post(hikPath, "application/json", hikPost(at, "10023", "7", "undefined"))
		}
	}
	month()
	month()
	if p := h.passes(); len(p) != 29 || len(h.kept()) != 0 {
		t.Error(len(p), h.kept())
	}
}

func TestBodiesOfEveryKindAreAnswered(t *testing.T) {
	h := open(t, gate.Hikvision, func(r *gatetest.Registered) { r.PerMinute = 1 << 30 })
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.SampledFrom([]string{`{`, `}`, `[`, `]`, `"AccessControllerEvent"`, `:`, `,`, `{"majorEventType":5,"subEventType":75}`, `<a>`, `</a>`, "--b\r\n", `null`, "7", "\x00", "\xff"})
		body := strings.Join(rapid.SliceOf(piece).Draw(t, "pieces"), "")
		if status, answer := h.post(hikPath, rapid.SampledFrom([]string{"", "application/json", "application/xml", "multipart/form-data; boundary=b"}).Draw(t, "kind"), []byte(body)); status != 200 {
			t.Fatal(status, answer)
		}
	})
}

// Several events in one body: as many records as there are.
func TestGluedAndListedEvents(t *testing.T) {
	h := open(t, gate.Hikvision, nil)
	one, two := hikPost("2026-03-14T07:04:03+08:00", "1", "1", "x"), hikPost("2026-03-14T07:04:03+08:00", "2", "2", "x")
	h.post(hikPath, "application/json", append(append(bytes.Clone(one), two...), `{"broken`...))
	if p, kept := h.passes(), h.kept(); len(p) != 2 || len(kept) != 1 {
		t.Error(len(p), kept)
	}
	h.post(hikPath, "application/json", []byte("["+string(one)+","+string(two)+",7]"))
	if p, kept := h.passes(), h.kept(); len(p) != 2 || len(kept) != 2 {
		t.Error(len(p), kept)
	}
}

func TestCompressedBodies(t *testing.T) {
	h := open(t, gate.Hikvision, nil)
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write(hikPost("2026-03-14T07:04:03+08:00", "1", "1", "x"))
	_ = w.Close()
	if status, _ := h.post(hikPath, "application/json", b.Bytes(), "Content-Encoding", "deflate"); status != 200 || len(h.passes()) != 1 {
		t.Error(status)
	}
	b.Reset()
	w = zlib.NewWriter(&b)
	_, _ = w.Write(make([]byte, 9<<20))
	_ = w.Close()
	if status, answer := h.post(hikPath, "application/json", b.Bytes(), "Content-Encoding", "deflate"); status != 413 {
		t.Error(status, answer)
	}
}
