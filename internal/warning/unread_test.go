package warning

import (
	"errors"
	"strings"
	"testing"

	"muster/internal/errs"
)

func codeOf(err error) string {
	if e, ok := errors.AsType[*errs.Error](err); ok {
		return e.Code
	}
	return ""
}

func TestAnUnreadNameIsAnsweredForBeforePublishing(t *testing.T) {
	open := []UnreadName{{Name: "汉元县"}, {Name: "美罗镇"}}
	for _, c := range []struct {
		name, of string
		answer   NameAnswer
		reason   string
		redrawn  bool
		refused  string
	}{
		{"not meant, and why", "汉元县", NameNotMeant, "电话问过省台，是汉源县的误写", false, ""},
		{"not meant, nobody says why", "汉元县", NameNotMeant, "", true, "reason_missing"},
		{"drawn", "汉元县", NameDrawn, "", true, ""},
		{"drawn, but the area is as it was", "汉元县", NameDrawn, "", false, "not_redrawn"},
		{"neither", "汉元县", "ignored", "x", true, "answer_unknown"},
		{"a name of another draft", "天全县", NameNotMeant, "x", true, "not_found"},
	} {
		got, err := AnswerName(open, c.of, c.answer, c.reason, c.redrawn)
		if codeOf(err) != c.refused {
			t.Errorf("%s: %v", c.name, err)
		}
		if err == nil && (got.Name != c.of || got.Answer != c.answer || got.Reason != c.reason) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestOneOpenNameIsEnoughToHoldThePublication(t *testing.T) {
	list := []UnreadName{{Name: "汉元县", Answer: NameDrawn}, {Name: "美罗镇"}}
	err := NamesSettled(list)
	if codeOf(err) != "names_unread" || !strings.Contains(err.Error(), "美罗镇") || strings.Contains(err.Error(), "汉元县") {
		t.Errorf("%v", err)
	}
	list[1].Answer = NameNotMeant
	if err := NamesSettled(list); err != nil {
		t.Error(err)
	}
}
