package roster

import (
	"strings"
	"time"
)

func (in *reader) team(r *row) {
	t := TeamRow{Line: r.line, Section: SectionRef{r.text(fProject), r.need(fSection)}, Team: r.need(fTeam), Company: r.text(fUnit),
		Person: r.who(), Work: r.text(fWork)}
	if r.text(fLeader) != "" {
		t.Leader = value(r, fLeader, parseYes)
	}
	t.From, t.Until = r.span(fFrom, fUntil)
	if !r.bad {
		r.key(fPerson, t.Section.Project, t.Section.Section, t.Team, t.Person.key())
	}
	if !r.bad {
		in.Teams = append(in.Teams, t)
	}
}

// shift: an end that is not after the beginning is the next day's (夜班).
func (in *reader) shift(r *row) {
	s := ShiftRow{Line: r.line, Person: r.who(), Section: SectionRef{r.text(fProject), r.text(fSection)}, Site: r.need(fSite)}
	day := needed(r, fDay, ParseDate)
	begins, ends := needed(r, fBegins, parseHour), needed(r, fEnds, parseHour)
	if ends <= begins {
		ends += dayLength
	}
	s.From, s.Until = day.Add(begins), day.Add(ends)
	if !r.bad {
		r.key(fPerson, s.Person.key(), s.Section.Project, s.Section.Section, s.Site, s.From.String())
	}
	if !r.bad {
		in.Shifts = append(in.Shifts, s)
	}
}

// leave: the last day belongs to it.
func (in *reader) leave(r *row) {
	l := LeaveRow{Line: r.line, Person: r.who(), Section: SectionRef{r.text(fProject), r.text(fSection)}, Site: r.text(fSite), Words: r.text(fWords)}
	l.From, l.Until = needed(r, fFrom, ParseDate), r.lastDay(fUntil)
	if !l.Until.IsZero() && !l.Until.After(l.From) {
		r.problem(fUntil, "早于开始日期", "结束日期不能早于开始日期")
	}
	if !r.bad {
		r.key(fPerson, l.Person.key(), l.Section.Project, l.Section.Section, l.Site, l.From.String())
	}
	if !r.bad {
		in.Leaves = append(in.Leaves, l)
	}
}

// lastDay reads a last day and gives the instant when it is over; the zero time
// when the cell is empty.
func (r *row) lastDay(f field) time.Time {
	day := r.date(f)
	if day.IsZero() {
		return day
	}
	return day.Add(dayLength)
}

func (in *reader) certificate(r *row) {
	c := CertificateRow{Line: r.line, Person: r.who(), Kind: r.need(fCert), Number: strings.ToUpper(withoutSpaces(r.text(fNumber))), Issuer: r.text(fIssuer)}
	if scientific.MatchString(c.Number) {
		r.problem(fNumber, "编号被表格软件改成了科学计数，后几位已丢失", "请把该列设为文本后重新填写")
	}
	c.From = r.date(fIssued)
	if text := wordKey(r.text(fExpires)); text != "长期" && text != "永久" && text != "长期有效" {
		c.Until = r.lastDay(fExpires)
	}
	if !c.Until.IsZero() && !c.Until.After(c.From) {
		r.problem(fExpires, "早于发证日期", "请核对两个日期")
	}
	if !r.bad {
		r.key(fCert, c.Person.key(), c.Kind, c.Number)
	}
	if !r.bad {
		in.Certificates = append(in.Certificates, c)
	}
}
