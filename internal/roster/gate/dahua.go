package gate

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"muster/internal/roster"
)

// mountDahua mounts what Dahua's terminals post to (EventHttpUpload, devices.md
// §2.2). What somebody fetched from the terminal instead (the attach stream,
// recordFinder) may be posted to the same address and means the same.
func (h *handler) mountDahua(mux *http.ServeMux) {
	for _, path := range []string{"/gate/dahua/{token}", "/gate/dahua/{token}/{rest...}"} {
		mux.HandleFunc("POST "+path, h.on(route{protocol: Dahua, take: dahua, refuse: problem}))
		mux.HandleFunc("GET "+path, h.on(route{protocol: Dahua, take: dahuaAcknowledge, refuse: problem}))
	}
}

func dahua(v *visit) error {
	_, err := v.hand(func(body []byte) (all reading) {
		for _, doc := range documents(v.r.Header.Get("Content-Type"), body) {
			all.add(v.dahuaDocument(bytes.TrimSpace(doc)))
		}
		return all
	})
	if err != nil {
		return err
	}
	return dahuaAcknowledge(v)
}

func dahuaAcknowledge(v *visit) error {
	answerJSON(v.w, http.StatusOK, "application/json", map[string]any{"code": 200, "message": "OK"})
	return nil
}

// dahuaEvents is the body of EventHttpUpload.
type dahuaEvents struct {
	Time   loose           `json:"Time"`
	Events json.RawMessage `json:"Events"`
}

type dahuaEvent struct {
	Code loose           `json:"Code"`
	Data json.RawMessage `json:"Data"`
}

// dahuaData is what happened at a door.
type dahuaData struct {
	UserID, CardNo, Door, ErrorCode, Method, ReaderID, Status, Type, UTC, RealUTC, CreateTime loose
}

// dahuaDocument reads one document by what it looks like.
func (v *visit) dahuaDocument(doc []byte) (all reading) {
	switch {
	case len(doc) == 0:
		return reading{}
	case bytes.EqualFold(doc, []byte("Heartbeat")):
		return reading{ignored: 1, beat: &Beat{Backlog: -1}}
	case bytes.HasPrefix(doc, []byte("Code=")):
		return v.dahuaStream(doc)
	case doc[0] != '{' && bytes.Contains(doc, []byte("].")):
		return v.dahuaTable(doc)
	}
	list, rest := values(doc)
	for _, raw := range list {
		var body dahuaEvents
		if json.Unmarshal(raw, &body) != nil {
			all.add(unreadable(raw))
			continue
		}
		events := rows(body.Events)
		for _, raw := range events {
			all.add(v.dahuaEvent(raw))
		}
		if len(events) == 0 {
			all.add(reading{ignored: 1, beat: &Beat{Clock: v.device.localTime(string(body.Time)), Backlog: -1}})
		}
	}
	if len(rest) > 0 {
		all.add(unreadable(rest))
	}
	return all
}

func (v *visit) dahuaEvent(raw json.RawMessage) reading {
	var e dahuaEvent
	var data dahuaData
	if json.Unmarshal(raw, &e) != nil {
		return unreadable(raw)
	}
	if e.Code != "AccessControl" {
		return reading{ignored: 1}
	}
	if json.Unmarshal(e.Data, &data) != nil {
		return unreadable(raw)
	}
	return v.dahuaPass(data, raw)
}

// dahuaStream reads "Code=…;action=…;index=…;data={…}".
func (v *visit) dahuaStream(doc []byte) reading {
	head, data, _ := bytes.Cut(doc, []byte("data="))
	if !bytes.Contains(head, []byte("Code=AccessControl;")) {
		return reading{ignored: 1}
	}
	list, _ := values(data)
	var d dahuaData
	if len(list) != 1 || json.Unmarshal(list[0], &d) != nil {
		return unreadable(doc)
	}
	return v.dahuaPass(d, doc)
}

// dahuaTable reads lines of "Events[0].UserID=…" and "records[0].UserID=…".
func (v *visit) dahuaTable(doc []byte) (all reading) {
	var order []string
	fields := map[string]map[string]string{}
	for _, line := range zkLines(doc) {
		path, value, found := strings.Cut(line, "=")
		item, _, indexed := strings.Cut(path, "].")
		if !found || !indexed {
			continue
		}
		if fields[item] == nil {
			fields[item] = map[string]string{}
			order = append(order, item)
		}
		fields[item][path[strings.LastIndexByte(path, '.')+1:]] = strings.TrimSpace(value)
	}
	for _, item := range order {
		raw, err := json.Marshal(fields[item])
		var d dahuaData
		if err != nil || json.Unmarshal(raw, &d) != nil {
			all.add(unreadable(doc))
			continue
		}
		all.add(v.dahuaPass(d, raw))
	}
	return all
}

var dahuaMethods = map[loose]Method{"1": Card, "6": Finger, "14": QR, "15": Face}

// dahuaPass makes a record of a verification that succeeded. Terminals number
// nothing, so the key is who, where and how; it is the same for the event and for
// the record that is found later.
func (v *visit) dahuaPass(d dahuaData, raw []byte) reading {
	if d.Status != "1" || d.ErrorCode != "" && d.ErrorCode != "0" {
		return reading{ignored: 1}
	}
	method, known := dahuaMethods[d.Method]
	if !known {
		method = OtherMethod
	}
	s := Seen{Time: d.at(), Reader: string(d.ReaderID), Method: method, Body: raw, Replay: d.CreateTime != "",
		Key: v.h.Mask(strings.Join([]string{"dahua", string(d.UserID), string(d.CardNo), string(d.Door), string(d.Method)}, "\x00"))}
	if s.Person.Code = string(d.UserID); d.UserID == "" {
		s.Person.Card = string(d.CardNo)
	}
	switch d.Type {
	case "Entry":
		s.Direction = roster.In
	case "Exit":
		s.Direction = roster.Out
	}
	return reading{seen: []Seen{s}}
}

// at is when it happened. Some firmware puts local time into UTC; where RealUTC
// is there, that is the instant.
func (d dahuaData) at() time.Time {
	for _, text := range []loose{d.RealUTC, d.UTC, d.CreateTime} {
		if n, err := strconv.ParseInt(string(text), 10, 64); err == nil && n > 0 {
			return time.Unix(n, 0)
		}
	}
	return time.Time{}
}
