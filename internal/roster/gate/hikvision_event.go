package gate

import (
	"encoding/json"
	"strings"

	"muster/internal/roster"
)

// hikEvent is EventNotificationAlert, in JSON or XML (devices.md §2.1).
type hikEvent struct {
	Wrapped   *hikEvent       `json:"EventNotificationAlert" xml:"-"`
	MAC       loose           `json:"macAddress" xml:"macAddress"`
	DateTime  loose           `json:"dateTime" xml:"dateTime"`
	EventType loose           `json:"eventType" xml:"eventType"`
	Access    *hikAccess      `json:"AccessControllerEvent" xml:"AccessControllerEvent"`
	Backfill  *hikBackfill    `json:"AcsEvent" xml:"-"`
	Again     json.RawMessage `json:"isDataRetransmission" xml:"-"` // cameras only
}

// hikAccess is what happened at a door.
type hikAccess struct {
	Major      loose `json:"majorEventType" xml:"majorEventType"`
	Minor      loose `json:"subEventType" xml:"subEventType"`
	Employee   loose `json:"employeeNoString" xml:"employeeNoString"`
	EmployeeNo loose `json:"employeeNo" xml:"employeeNo"`
	Card       loose `json:"cardNo" xml:"cardNo"`
	Reader     loose `json:"cardReaderNo" xml:"cardReaderNo"`
	Serial     loose `json:"serialNo" xml:"serialNo"`
	Attendance loose `json:"attendanceStatus" xml:"attendanceStatus"`
}

// hikBackfill is the answer to AcsEvent, brought by somebody who asked the
// terminal what we may have missed.
type hikBackfill struct {
	InfoList []json.RawMessage `json:"InfoList"`
}

// hikInfo is one line of it; the names differ from those of the event.
type hikInfo struct {
	hikAccess
	MajorOf loose `json:"major"`
	MinorOf loose `json:"minor"`
	Time    loose `json:"time"`
}

// hikJSON reads one document, or several that were glued together.
func (v *visit) hikJSON(doc []byte) (all reading) {
	list, rest := values(doc)
	for _, raw := range list {
		if raw[0] == '[' {
			list := rows(raw)
			for _, item := range list {
				all.add(v.hikDocument(item))
			}
			continue
		}
		all.add(v.hikDocument(raw))
	}
	if len(rest) > 0 {
		all.add(unreadable(rest))
	}
	return all
}

func (v *visit) hikDocument(raw json.RawMessage) reading {
	var e hikEvent
	if json.Unmarshal(raw, &e) != nil {
		return unreadable(raw)
	}
	if e.Wrapped != nil {
		e = *e.Wrapped
	}
	if e.Backfill != nil {
		return v.hikBackfill(e.Backfill.InfoList)
	}
	return v.hikEvent(e, raw)
}

func (v *visit) hikEvent(e hikEvent, raw []byte) reading {
	at := v.device.anyTime(string(e.DateTime))
	serial := v.hikSerial(string(e.MAC))
	v.named(serial)
	if e.Access == nil || e.Access.isBeat() {
		return reading{ignored: 1, beat: &Beat{Clock: at, Serial: serial, Backlog: -1}}
	}
	s, pass := v.hikPass(*e.Access, raw)
	if !pass {
		return reading{ignored: 1}
	}
	s.Time, s.Replay = at, string(e.Again) == "true"
	return reading{seen: []Seen{s}}
}

// hikSerial is the device's MAC address, when that is what it is registered by:
// events do not carry the serial on its label.
func (v *visit) hikSerial(mac string) string {
	if isMAC(v.device.Serial) && macDigits(mac) == macDigits(v.device.Serial) {
		return v.device.Serial
	}
	if isMAC(v.device.Serial) || v.device.Serial == "" {
		return tame(mac)
	}
	return ""
}

// isBeat: some firmware dresses its heart-beat as "no such card" without a card.
func (a hikAccess) isBeat() bool {
	return a.Minor == "9" && a.person().IsZero()
}

// hikMethods are the minor codes of major 5 with which somebody was let through.
// Everything else is an attempt or a door: a refusal (8, validity expired) carries
// an employee number as well.
var hikMethods = map[loose]Method{
	"1": Card, "2": Card, "38": Finger, "54": Face, "57": Face, "60": Face, "63": Face, "66": Face,
	"69": Finger, "72": Finger, "75": Face, "77": Face, "105": Document, "156": QR, "181": Password,
}

// hikPass makes a record of a successful verification; false when it was none.
// The time is the caller's to add.
func (v *visit) hikPass(a hikAccess, raw []byte) (Seen, bool) {
	method, passed := hikMethods[a.Minor]
	if a.Major != "5" || !passed {
		return Seen{}, false
	}
	s := Seen{Person: a.person(), Direction: a.direction(), Reader: string(a.Reader), Method: method, Body: raw}
	if s.Key = string(a.Serial); a.Serial == "" || a.Serial == "0" {
		s.Key = v.h.Mask(strings.Join([]string{"hik", s.Person.Code, s.Person.Card, string(a.Minor), s.Reader}, "\x00"))
	}
	return s, true
}

func (a hikAccess) person() Person {
	switch {
	case a.Employee != "":
		return Person{Code: string(a.Employee)}
	case a.EmployeeNo != "" && a.EmployeeNo != "0":
		return Person{Code: string(a.EmployeeNo)}
	case a.Card != "" && a.Card != "0":
		return Person{Card: string(a.Card)}
	}
	return Person{}
}

func (a hikAccess) direction() roster.Direction {
	switch a.Attendance {
	case "checkIn", "breakIn", "overtimeIn":
		return roster.In
	case "checkOut", "breakOut", "overtimeOut":
		return roster.Out
	}
	return roster.Unknown
}

// hikBackfill reads what the terminal answered; the keys are those of the events.
func (v *visit) hikBackfill(list []json.RawMessage) (all reading) {
	for _, raw := range list {
		var i hikInfo
		if json.Unmarshal(raw, &i) != nil {
			all.add(unreadable(raw))
			continue
		}
		i.Major, i.Minor = i.MajorOf, i.MinorOf
		s, pass := v.hikPass(i.hikAccess, raw)
		if !pass {
			all.ignored++
			continue
		}
		s.Time, s.Replay = v.device.anyTime(string(i.Time)), true
		all.seen = append(all.seen, s)
	}
	return all
}
