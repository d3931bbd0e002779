package feed

import (
	"regexp"

	"muster/internal/warning"
)

var (
	ofEarlier  = regexp.MustCompile(`(?:发布|发出|签发)的`)
	goingOn    = regexp.MustCompile(`继续发布|更新|变更|升级|降级|升至|降至|调整`)
	isExercise = regexp.MustCompile(`[【\[(][^】\])]{0,12}演练[^】\])]{0,6}[】\])]|^[^。]{0,6}演练|(?:这是|此为|本条为|本次为)[^。]{0,6}演练`)
	isTest     = regexp.MustCompile(`[【\[(][^】\])]{0,12}测试[^】\])]{0,6}[】\])]|^[^。]{0,4}测试|(?:这是|此为|本条为|本次为)[^。]{0,6}测试`)
)

// readAct reads whether the bulletin issues, changes or ends a warning.
func (b *bulletin) readAct() {
	from, to := b.head.from, b.head.to
	if to <= from {
		return
	}
	sentence := b.text.s[from:to]
	b.lifts = saysLifted(ofEarlier.ReplaceAllString(sentence, "的"))
	verb := acting
	switch {
	case b.lifts:
		b.MsgType, verb = warning.MsgCancel, regexpLift
	case goingOn.MatchString(sentence):
		b.MsgType, verb = warning.MsgUpdate, goingOn
	}
	if m := verb.FindStringIndex(sentence); m != nil {
		b.mark(from+m[0], from+m[1], MarkAct, actWords[b.MsgType], true)
	}
}

var regexpLift = regexp.MustCompile(`解除|取消`)

var actWords = map[warning.MsgType]string{warning.MsgAlert: "发布", warning.MsgUpdate: "更新", warning.MsgCancel: "解除"}

// readStatus keeps a drill and a test apart from what is actual. The words count
// where a text says them of itself, not in what it advises.
func (b *bulletin) readStatus() {
	own := b.text.s[b.from:b.adviceAt]
	switch {
	case isExercise.MatchString(own):
		b.Status = warning.StatusExercise
		b.ignore("exercise", "演练信息，不派发")
	case isTest.MatchString(own):
		b.Status = warning.StatusTest
		b.ignore("test", "测试信息，不派发")
	}
}
