package warning

import (
	"slices"
	"strings"

	"muster/internal/errs"
)

// UnreadName (未能识别的地名) is a place that a bulletin names and that could not be
// found. The draft stands on what is certain; a person answers for each such name
// before it is published.
type UnreadName struct {
	Name   string
	Answer NameAnswer // empty until somebody has answered
	Reason string
}

// NameAnswer is what a person says about an unread name.
type NameAnswer string

// The answers.
const (
	NameDrawn    NameAnswer = "drawn"     // 已补画: the area was changed to hold it
	NameNotMeant NameAnswer = "not_meant" // 确认不涉及
)

var nameAnswerLabels = map[NameAnswer]string{NameDrawn: "已补画", NameNotMeant: "确认不涉及"}

// Label is the Chinese word of the answer; empty for none.
func (a NameAnswer) Label() string { return nameAnswerLabels[a] }

// answered gives the name with what a person says about it. A name that is not meant
// needs the reason; one that was drawn needs an area that a person has changed
// since the draft was made (redrawn).
func (n UnreadName) answered(a NameAnswer, reason string, redrawn bool) (UnreadName, error) {
	switch {
	case a != NameDrawn && a != NameNotMeant:
		return n, errs.New(errs.Fix, "answer_unknown", "请选择：已补画，或确认不涉及")
	case a == NameNotMeant && reason == "":
		return n, errs.New(errs.Fix, "reason_missing", "确认“%s”不涉及要写明理由", n.Name)
	case a == NameDrawn && !redrawn:
		return n, errs.New(errs.Fix, "not_redrawn", "区域还没有改过：请先在地图上补画“%s”", n.Name)
	}
	n.Answer, n.Reason = a, reason
	return n, nil
}

// AnswerName answers for one of the names of a draft; errs.NotFound when the draft
// has none of that name.
func AnswerName(list []UnreadName, name string, a NameAnswer, reason string, redrawn bool) (UnreadName, error) {
	if i := slices.IndexFunc(list, func(n UnreadName) bool { return n.Name == name }); i >= 0 {
		return list[i].answered(a, reason, redrawn)
	}
	return UnreadName{}, errs.New(errs.NotFound, "not_found", "这份草稿里没有未识别的地名“%s”", name)
}

// Unsettled gives the names that nobody has answered for.
func Unsettled(list []UnreadName) []string {
	var open []string
	for _, n := range list {
		if n.Answer == "" {
			open = append(open, n.Name)
		}
	}
	return open
}

// NamesSettled refuses to publish while a name is open.
func NamesSettled(list []UnreadName) error {
	open := Unsettled(list)
	if len(open) == 0 {
		return nil
	}
	return errs.New(errs.Fix, "names_unread", "还有%d个地名未能识别：%s。请在地图上补画，或确认不涉及并写明理由", len(open), strings.Join(open, "、"))
}
