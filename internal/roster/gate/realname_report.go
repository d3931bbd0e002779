package gate

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"muster/internal/errs"
	"muster/internal/roster"
)

// Most rows of one call (devices.md §1.3).
const (
	mostAttendance = 20
	mostWorkers    = 5
	mostMoves      = 50
)

// realNameRows reads a list of a report; a list that is missing, empty or too
// long is refused in the dialect's words.
func realNameRows(list json.RawMessage, name string, most int) ([]json.RawMessage, error) {
	items := rows(list)
	switch n := len(items); {
	case n == 0:
		return nil, errs.New(errs.Fix, "empty", "[%s]不能为空", name)
	case n > most:
		return nil, errs.New(errs.Fix, "too_many", "[%s]一次最多 %d 条，收到 %d 条", name, most, n)
	}
	return items, nil
}

// realNameAttendance takes passes (考勤).
func realNameAttendance(c realNameCall) (any, error) {
	var report struct {
		ProjectCode loose           `json:"projectCode"`
		DataList    json.RawMessage `json:"dataList"`
	}
	if err := json.Unmarshal(c.data, &report); err != nil || report.ProjectCode == "" {
		return nil, errs.New(errs.Fix, "project_missing", "[projectCode]不能为空")
	}
	items, err := realNameRows(report.DataList, "dataList", mostAttendance)
	if err != nil {
		return nil, err
	}
	seen := make([]Seen, len(items))
	for i, raw := range items {
		seen[i] = c.attendance(string(report.ProjectCode), raw)
	}
	verdicts, err := c.take(seen)
	if err != nil {
		return nil, err
	}
	return c.settle(attendanceResult(verdicts))
}

// attendance reads one pass. Its key holds nobody's number.
func (c realNameCall) attendance(project string, raw json.RawMessage) Seen {
	var a struct {
		IDCardType   loose `json:"idCardType"`
		IDCardNumber loose `json:"idCardNumber"`
		Date         loose `json:"date"`
		Direction    loose `json:"direction"`
		Channel      loose `json:"channel"`
		AttendType   loose `json:"attendType"`
	}
	s := Seen{Body: raw, Project: project}
	if json.Unmarshal(raw, &a) != nil {
		s.Why = Unreadable
		return s
	}
	doc, err := c.device.document(a.IDCardType, a.IDCardNumber)
	if err != nil {
		s.Why = Unreadable
	}
	s.Time, s.Person = c.device.localTime(string(a.Date)), Person{IDNumber: doc.Number}
	s.Direction, s.Reader, s.Method = attendanceDirection(a.Direction), string(a.Channel), attendanceMethod(a.AttendType)
	s.Key = c.h.Mask(strings.Join([]string{"realname", project, doc.Kind, doc.Number, string(a.Direction), string(a.Channel)}, "\x00"))
	return s
}

func attendanceDirection(code loose) roster.Direction {
	switch code {
	case "01", "1":
		return roster.In
	case "02", "2":
		return roster.Out
	}
	return roster.Unknown
}

var attendanceMethods = map[loose]Method{
	"001": Face, "003": Finger, "004": Palm, "005": Document, "006": Card, "007": ByHand, "008": ByHand, "009": ByHand, "010": QR,
}

func attendanceMethod(code loose) Method {
	if m, ok := attendanceMethods[code]; ok {
		return m
	}
	return OtherMethod
}

// attendanceResult names the rows that were quarantined; the others are taken.
func attendanceResult(verdicts []Verdict) Result {
	var wrong []string
	for i, verdict := range verdicts {
		if verdict.Outcome == Quarantined {
			wrong = append(wrong, fmt.Sprintf("[dataList][%d]%s", i, ReasonText(verdict.Reason)))
		}
	}
	return resultOf(wrong, len(verdicts))
}

func resultOf(wrong []string, n int) Result {
	if len(wrong) == 0 {
		return Result{State: ResultDone, Text: "成功"}
	}
	return Result{State: ResultFailed, Text: strings.Join(wrong, "；") + fmt.Sprintf("；其余 %d 条已收", n-len(wrong))}
}

// realNameTeam registers a team (班组) and answers with its number.
func realNameTeam(c realNameCall) (any, error) {
	var t struct {
		ProjectCode loose `json:"projectCode"`
		CorpCode    loose `json:"corpCode"`
		CorpName    loose `json:"corpName"`
		TeamName    loose `json:"teamName"`
		Leader      loose `json:"responsiblePersonName"`
		Phone       loose `json:"responsiblePersonPhone"`
		IDCardType  loose `json:"responsiblePersonIDCardType"`
		IDNumber    loose `json:"responsiblePersonIDNumber"`
		EntryTime   loose `json:"entryTime"`
	}
	if err := json.Unmarshal(c.data, &t); err != nil || t.ProjectCode == "" || t.TeamName == "" {
		return nil, errs.New(errs.Fix, "team_missing", "[projectCode]、[teamName]不能为空")
	}
	team := Team{Project: string(t.ProjectCode), CompanyCode: upper(string(t.CorpCode)), Company: string(t.CorpName), Name: string(t.TeamName),
		Leader: string(t.Leader), LeaderPhone: string(t.Phone), Entered: c.device.day(string(t.EntryTime))}
	if t.IDNumber != "" {
		doc, err := c.device.document(t.IDCardType, t.IDNumber)
		if err != nil {
			return nil, errs.New(errs.Fix, "id", "[responsiblePersonIDNumber]%s", errs.TextOf(err))
		}
		team.LeaderID = doc
	}
	number, err := c.h.Team(c.ctx(), c.device, team, c.at)
	if err != nil {
		return nil, err
	}
	return c.settle(Result{State: ResultDone, Text: fmt.Sprintf(`{"teamSysNo":%d}`, number)})
}

// day reads a civil day, with or without a time after it.
func (d Device) day(text string) time.Time {
	if len(text) >= len(time.DateOnly) {
		if t, err := time.ParseInLocation(time.DateOnly, text[:len(time.DateOnly)], d.zone()); err == nil {
			return t
		}
	}
	return time.Time{}
}
