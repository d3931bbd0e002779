package roster

import (
	"fmt"
	"time"
)

const dayLength = 24 * time.Hour

// who reads the person of a row: the name, and a number or phone by which the
// same person is found again.
func (r *row) who() PersonRef {
	p := PersonRef{
		Name:     needed(r, fPerson, ParseName),
		Phone:    value(r, fPhone, ParsePhone),
		IDNumber: value(r, fID, ParseCitizenID),
	}
	if r.text(fPhone) == "" && r.text(fID) == "" {
		r.problem(fPhone, "手机号码和身份证号都没有填", "请至少填一项，否则下次认不出是同一个人")
	}
	return p
}

// key is how a person is told from others: the ID number, else phone and name.
func (p PersonRef) key() string {
	if p.IDNumber != "" {
		return p.IDNumber
	}
	return p.Phone + "\x00" + p.Name
}

func (in *reader) person(r *row) {
	who := r.who()
	p := PersonRow{Line: r.line, External: r.text(fExternal)}
	p.Person = Person{Name: who.Name, Phone: who.Phone, IDNumber: who.IDNumber}
	p.Person.Language = orElse(value(r, fLanguage, parseLanguage), "zh")
	if !r.bad {
		r.key(fPerson, who.key())
	}
	if !r.bad {
		in.People = append(in.People, p)
	}
}

func parseLanguage(text string) (string, error) {
	switch wordKey(text) {
	case "zh", "汉", "汉语", "普通话", "中文", "四川话":
		return "zh", nil
	case "ii", "彝", "彝语", "彝文":
		return "ii", nil
	case "bo", "藏", "藏语", "藏文":
		return "bo", nil
	}
	return "", fix("language", "不认识的语言", "可填：汉语、彝语、藏语")
}

// unit reads the finest unit that the row names.
func (r *row) unit() UnitRef {
	u := UnitRef{Name: r.text(fUnit), Section: SectionRef{r.text(fProject), r.text(fSection)}, Site: r.text(fSite)}
	switch {
	case u.Site != "":
		u.Kind = SiteUnit
	case u.Section.Section != "":
		u.Kind = SectionUnit
	case u.Section.Project != "":
		u.Kind = ProjectUnit
	case u.Name != "":
		u.Kind = CompanyUnit // or an authority of that name
	default:
		r.problem(fUnit, "没有说明属于哪个单位", "请填写 点位、合同段、项目 或 单位名称 之一")
	}
	return u
}

func (u UnitRef) key() string {
	return string(u.Kind) + "\x00" + u.Name + "\x00" + u.Section.Project + "\x00" + u.Section.Section + "\x00" + u.Site
}

func (in *reader) post(r *row) {
	p := PostRow{Line: r.line, Person: r.who(), Unit: r.unit()}
	role := r.need(fRole)
	if known, err := ParseRole(role); err == nil {
		p.Post.Role = known
	} else if role != "" {
		p.Post.Role = Role(role)
		in.list(r.line, fmt.Sprintf("岗位“%s”不在名录里：照原文保存，不带任何权限", role))
	}
	p.Post.Seat = orElse(value(r, fSeat, ParseSeat), SeatA)
	p.Post.From, p.Post.Until = r.span(fFrom, fUntil)
	if !r.bad {
		r.key(fPerson, p.Person.key(), p.Unit.key(), string(p.Post.Role))
	}
	if !r.bad {
		in.Posts = append(in.Posts, p)
	}
}

func (in *reader) bed(r *row) {
	b := BedRow{Line: r.line, Person: r.who(), Section: SectionRef{r.text(fProject), r.text(fSection)}, Site: r.need(fSite)}
	b.Bed.From, b.Bed.Until = r.span(fFrom, fUntil)
	if !r.bad {
		r.key(fPerson, b.Person.key(), b.Bed.From.String())
	}
	if !r.bad {
		in.Beds = append(in.Beds, b)
	}
}

// duty reads a line of the duty roster. Without times it runs from 08:00 to
// 08:00 of the next day (接班); an end not after the beginning is the next day's.
func (in *reader) duty(r *row) {
	d := DutyRow{Line: r.line, Person: r.who(), Unit: r.unit()}
	d.Duty.Role = needed(r, fRole, ParseDutyRole)
	d.Day = needed(r, fDay, ParseDate)
	begins, ends := 8*time.Hour, 8*time.Hour
	if r.text(fBegins) != "" {
		begins = value(r, fBegins, parseHour)
	}
	if r.text(fEnds) != "" {
		ends = value(r, fEnds, parseHour)
	}
	if ends <= begins {
		ends += dayLength
	}
	d.Duty.From, d.Duty.Until = d.Day.Add(begins), d.Day.Add(ends)
	if !r.bad {
		r.key(fPerson, d.Person.key(), d.Unit.key(), string(d.Duty.Role), d.Duty.From.String())
	}
	if !r.bad {
		in.Duties = append(in.Duties, d)
	}
}

// sharedPhones lists a phone that more than three people of the file have.
func (in *reader) sharedPhones() {
	const many = 3
	count := map[string]int{}
	for _, p := range in.People {
		if p.Person.Phone == "" {
			continue
		}
		if count[p.Person.Phone]++; count[p.Person.Phone] == many+1 {
			in.list(p.Line, fmt.Sprintf("号码 %s 有超过 %d 个人使用，请核实", MaskPhone(p.Person.Phone), many))
		}
	}
}
