package gate

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// mountUface mounts the callbacks of the Uface family (宇泛 and its many labels,
// devices.md §2.5): recognition and heart-beat. A callback is sent once, so what
// newFindRecords finds (see [UfaceTerminal]) may be posted to the same address.
func (h *handler) mountUface(mux *http.ServeMux) {
	for _, path := range []string{"/gate/uface/{token}", "/gate/uface/{token}/{rest...}"} {
		mux.HandleFunc("POST "+path, h.on(route{protocol: Uface, take: uface, refuse: problem}))
	}
}

func uface(v *visit) error {
	recognised := false
	_, err := v.hand(func(body []byte) reading {
		got := v.ufaceReading(bytes.TrimSpace(body))
		recognised = got.beat == nil
		return got
	})
	if err != nil {
		return err
	}
	if !recognised { // true would make the terminal ask for tasks
		answerJSON(v.w, http.StatusOK, "application/json", map[string]any{"result": false, "success": true})
		return nil
	}
	answerJSON(v.w, http.StatusOK, "application/json", map[string]any{"result": 1, "success": true})
	return nil
}

// ufaceRecord is a recognition: of a callback, or of newFindRecords.
type ufaceRecord struct {
	DeviceKey loose `json:"deviceKey"`
	PersonID  loose `json:"personId"`
	Time      loose `json:"time"` // ms
	Type      loose `json:"type"`
	IDCardNum loose `json:"idcardNum"`
	CardNo    loose `json:"cardNo"`
}

// ufaceReading reads a form, a JSON object of the same fields, or the pages of
// newFindRecords.
func (v *visit) ufaceReading(body []byte) (all reading) {
	if len(body) == 0 || body[0] != '{' {
		f := formFields(body)
		return v.ufaceRecord(ufaceRecord{loose(f["deviceKey"]), loose(f["personId"]), loose(f["time"]), loose(f["type"]), loose(f["idcardNum"]), loose(f["cardNo"])}, body, false)
	}
	var found struct {
		Data struct {
			Records json.RawMessage `json:"records"`
		} `json:"data"`
	}
	if json.Unmarshal(body, &found) == nil && found.Data.Records != nil {
		for _, raw := range rows(found.Data.Records) {
			all.add(v.ufaceJSON(raw, true))
		}
		return all
	}
	return v.ufaceJSON(body, false)
}

func (v *visit) ufaceJSON(raw []byte, later bool) reading {
	var r ufaceRecord
	if json.Unmarshal(raw, &r) != nil {
		return unreadable(raw)
	}
	return v.ufaceRecord(r, raw, later)
}

// ufaceRecord makes a pass of a recognition that let somebody through (…_0). The
// key is who and how, so that the record found later is the one that was called.
func (v *visit) ufaceRecord(r ufaceRecord, raw []byte, later bool) reading {
	serial := tame(string(r.DeviceKey))
	v.named(serial)
	var at time.Time
	if ms := r.Time.int(); ms > 0 {
		at = time.UnixMilli(ms)
	}
	switch {
	case r.Type == "" && r.PersonID == "" && later:
		return unreadable(raw)
	case r.Type == "" && r.PersonID == "" && (serial != "" || len(raw) == 0):
		return reading{ignored: 1, beat: &Beat{Clock: at, Serial: serial, Backlog: -1}}
	case r.Type == "" && r.PersonID == "":
		return unreadable(raw)
	case !strings.HasSuffix(string(r.Type), "_0") || strings.EqualFold(string(r.PersonID), "STRANGERBABY"):
		return reading{ignored: 1}
	}
	s := Seen{Time: at, Method: ufaceMethod(string(r.Type)), Replay: later, Body: raw}
	switch {
	case r.PersonID != "" && !strings.EqualFold(string(r.PersonID), "IDCARD"):
		s.Person.Code = string(r.PersonID)
	case r.IDCardNum != "":
		s.Person.IDNumber = upper(string(r.IDCardNum))
	default:
		s.Person.Card = string(r.CardNo)
	}
	s.Key = v.h.Mask(strings.Join([]string{"uface", s.Person.Code, s.Person.IDNumber, s.Person.Card, string(r.Type)}, "\x00"))
	return reading{seen: []Seen{s}}
}

func ufaceMethod(kind string) Method {
	kind = strings.ToLower(kind)
	for _, m := range []struct {
		word   string
		method Method
	}{{"face", Face}, {"idcard", Document}, {"card", Card}, {"qr", QR}, {"finger", Finger}, {"palm", Palm}, {"pwd", Password}} {
		if strings.Contains(kind, m.word) {
			return m.method
		}
	}
	return OtherMethod
}
