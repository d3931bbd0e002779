package channel

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// wechatKind is what a type of template field takes (订阅消息参数值内容限制说明).
type wechatKind struct {
	runes int            // most characters
	form  *regexp.Regexp // nil: anything
	cut   bool           // words may be cut to fit; numbers and times may not
}

var wechatKinds = map[string]wechatKind{
	"thing":            {runes: 20, cut: true},
	"short_thing":      {runes: 5, cut: true},
	"const":            {runes: 20},
	"name":             {runes: 10, cut: true},
	"phrase":           {runes: 5, form: regexp.MustCompile(`^\p{Han}+$`)},
	"number":           {runes: 32, form: regexp.MustCompile(`^[+-]?\d+(\.\d+)?$`)},
	"letter":           {runes: 32, form: regexp.MustCompile(`^[A-Za-z]+$`)},
	"symbol":           {runes: 5, form: regexp.MustCompile(`^[\p{P}\p{S}]+$`)},
	"character_string": {runes: 32, form: regexp.MustCompile(`^[!-~]+$`)},
	"time":             {runes: 64, form: clockTime},
	"date":             {runes: 64, form: clockTime},
	"amount":           {runes: 16, form: regexp.MustCompile(`^\p{Sc}?\d{1,10}(\.\d+)?元?$`)},
	"phone_number":     {runes: 17, form: regexp.MustCompile(`^[0-9+-]+$`)},
	"car_number":       {runes: 8},
}

// clockTime is 15:01 or 2019年10月1日 15:01, also a span with ~.
var clockTime = regexp.MustCompile(`^` + oneTime + `(~` + oneTime + `)?$`)

const oneTime = `(\d{4}年\d{1,2}月\d{1,2}日|\d{4}-\d{1,2}-\d{1,2})?\s?(\d{1,2}:\d{2}(:\d{2})?)?`

// wechatFields fills the fields of a template: settings hold field.thing1=site, or
// field.E70.thing1=site for one template, where site is a variable of the template
// or title, text, level, measure.
//
// A drill says so in its first field of words; a template that has none is refused,
// because people would take the drill for the real thing.
func wechatFields(settings map[string]string, m Message) (map[string]wechatValue, error) {
	names := fieldNames(settings, m.Template)
	if len(names) == 0 {
		return nil, &Failure{Class: Never, Code: "no_fields", Text: "账户没有配置模板的字段"}
	}
	data, said := map[string]wechatValue{}, !m.Exercise
	for _, field := range slices.Sorted(maps.Keys(names)) {
		value := wechatVar(m, names[field])
		kind := fieldKind(field)
		if !said && kind == "thing" {
			value, said = "演练，"+strings.TrimPrefix(value, "演练，"), true
		}
		fitted, ok := fitField(kind, value)
		if !ok {
			return nil, &Failure{Class: Never, Code: "field", Text: "字段的值不合规定：" + field}
		}
		data[field] = wechatValue{fitted}
	}
	if !said {
		return nil, &Failure{Class: Never, Code: "drill_unsaid", Text: "模板没有文字字段可标明演练"}
	}
	return data, nil
}

// fieldNames maps the fields of a template to the variables that fill them.
func fieldNames(settings map[string]string, template string) map[string]string {
	names := map[string]string{}
	for key, variable := range settings {
		if field, ok := strings.CutPrefix(key, "field."); ok && !strings.Contains(field, ".") {
			names[field] = variable
		}
	}
	for key, variable := range settings {
		if field, ok := strings.CutPrefix(key, "field."+template+"."); ok {
			names[field] = variable
		}
	}
	return names
}

// fieldKind is the type in the name of a field: thing of thing12.
func fieldKind(field string) string { return strings.TrimRight(field, "0123456789") }

func wechatVar(m Message, name string) string {
	for _, v := range m.Vars {
		if v.Name == name {
			return v.Value
		}
	}
	return map[string]string{"title": m.Title, "text": m.Text, "level": m.Level, "measure": m.Measure}[name]
}

// fitField gives the value as a field of the kind takes it; false when it cannot
// be made to fit. A kind that is not in the list is left to the carrier to judge.
func fitField(kind, value string) (string, bool) {
	value = strings.Join(strings.Fields(strings.ToValidUTF8(value, "")), " ")
	if value == "" {
		return "", false // the carrier refuses empty values
	}
	k, ok := wechatKinds[kind]
	if !ok {
		return value, true
	}
	if n := utf8.RuneCountInString(value); n > k.runes {
		if !k.cut {
			return "", false
		}
		value = string([]rune(value)[:k.runes-1]) + ellipsis
	}
	return value, k.form == nil || k.form.MatchString(value)
}
