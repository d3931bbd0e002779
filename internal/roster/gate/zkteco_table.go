package gate

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"muster/internal/roster"
)

// zkTable takes an upload. Every line is acknowledged, also one that cannot be
// read: a terminal sends the whole table again until the count is right.
func zkTable(v *visit) error {
	table := strings.ToLower(zkQuery(v.r, "table"))
	switch table {
	case "attlog":
		return v.zkPasses(v.attlog)
	case "rtlog":
		return v.zkPasses(v.rtlog)
	case "options":
		return v.zkBeat("OK")
	case "rtstate":
		return v.zkBeat("OK")
	case "operlog":
		lines := withoutTemplates(v.body)
		clean, dropped := Strip("text/plain", lines)
		if err := v.store(clean, dropped+len(v.body)-len(lines)); err != nil {
			return err
		}
		return v.text(fmt.Sprintf("OK:%d", len(zkLines(v.clean))))
	case "tabledata":
		name := tame(zkQuery(v.r, "tablename"))
		return v.zkDiscard(fmt.Sprintf("%s=%d", name, len(zkLines(v.body))))
	}
	return v.zkDiscard("OK") // ATTPHOTO, BIODATA, USERPIC …
}

// zkPasses takes a table of passes.
func (v *visit) zkPasses(read func(line string) (Seen, bool)) error {
	n := 0
	_, err := v.hand(func(body []byte) (all reading) {
		for _, line := range zkLines(body) {
			n++
			s, pass := read(line)
			if s.Body = []byte(line); pass {
				all.seen = append(all.seen, s)
			}
		}
		return all
	})
	if err != nil {
		return err
	}
	return v.text(fmt.Sprintf("OK:%d", n))
}

// zkLines are the lines of a table that are not empty, in UTF-8.
func zkLines(body []byte) []string {
	if !utf8.Valid(body) {
		if b, err := simplifiedchinese.GB18030.NewDecoder().Bytes(body); err == nil {
			body = b
		}
	}
	var list []string
	for _, line := range strings.FieldsFunc(string(body), func(r rune) bool { return r == '\r' || r == '\n' }) {
		if strings.TrimSpace(line) != "" {
			list = append(list, line)
		}
	}
	return list
}

// withoutTemplates drops the lines of OPERLOG that hold fingers, faces and
// pictures, however short. What stays in front of them keeps the count right.
func withoutTemplates(body []byte) []byte {
	lines := strings.SplitAfter(string(body), "\n")
	for i, line := range lines {
		word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch strings.ToUpper(word) {
		case "FP", "FACE", "BIODATA", "USERPIC", "BIOPHOTO", "FVEIN", "PALM":
			lines[i] = word + "\n"
		}
	}
	return []byte(strings.Join(lines, ""))
}

// attlog reads PIN, time, status, verify code …, tab-separated.
func (v *visit) attlog(line string) (Seen, bool) {
	f := strings.Split(line, "\t")
	if len(f) < 2 { // blanks instead of tabs
		if f = strings.Fields(line); len(f) >= 3 {
			f = append([]string{f[0], f[1] + " " + f[2]}, f[3:]...)
		}
	}
	for len(f) < 4 {
		f = append(f, "")
	}
	pin, status := strings.TrimSpace(f[0]), strings.TrimSpace(f[2])
	return Seen{
		Time: v.device.localTime(f[1]), Person: Person{Code: pin}, Method: zkMethod(f[3]),
		Direction: v.device.zkDirection(status),
		Key:       v.h.Mask(strings.Join([]string{"zk", pin, status}, "\x00")),
	}, true
}

// zkDirection is what the status of attendance says: 0 in, 1 out, 2 out for a
// break, 3 back, 4 and 5 in and out for overtime.
func (d Device) zkDirection(status string) roster.Direction {
	switch status {
	case "1", "2", "5":
		return roster.Out
	case "3", "4":
		return roster.In
	case "0":
		if d.SaysIn {
			return roster.In
		}
	}
	return roster.Unknown
}

var zkMethods = map[string]Method{
	"1": Finger, "2": Password, "3": Password, "4": Card, "15": Face, "16": Face, "17": Face, "18": Face, "19": Face, "20": Face,
	"21": Finger, "25": Palm,
}

func zkMethod(verify string) Method {
	if m, ok := zkMethods[strings.TrimSpace(verify)]; ok {
		return m
	}
	return OtherMethod
}

// zkOpened are the events of access control with which somebody was let through:
// card, finger or both, alone, as the first or as one of several.
var zkOpened = map[string]bool{
	"0": true, "1": true, "2": true, "3": true, "14": true, "15": true, "16": true, "17": true, "18": true, "19": true, "203": true,
}

// rtlog reads name=value pairs; false for what is no pass.
func (v *visit) rtlog(line string) (Seen, bool) {
	f := map[string]string{}
	for _, pair := range strings.Split(line, "\t") {
		name, value, _ := strings.Cut(pair, "=")
		f[strings.ToLower(strings.TrimSpace(name))] = strings.TrimSpace(value)
	}
	if f["time"] == "" || f["event"] == "" {
		return Seen{Why: Unreadable}, true
	}
	if !zkOpened[f["event"]] {
		return Seen{}, false
	}
	s := Seen{Time: v.device.localTime(f["time"]), Reader: f["eventaddr"], Method: zkMethod(f["verifytype"]), Key: f["index"]}
	switch pin, card := f["pin"], f["cardno"]; {
	case pin != "" && pin != "0":
		s.Person.Code = pin
	case card != "" && card != "0":
		s.Person.Card = card
	}
	switch f["inoutstatus"] {
	case "0":
		s.Direction = roster.In
	case "1":
		s.Direction = roster.Out
	}
	if s.Key == "" {
		s.Key = v.h.Mask(strings.Join([]string{"zk", s.Person.Code, s.Person.Card, f["event"], s.Reader}, "\x00"))
	}
	return s, true
}
