package response

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestWhatAReplyMeans(t *testing.T) {
	one := []OpenThread{{ID: "a", Code: "482915"}}
	two := append(one, OpenThread{ID: "b", Code: "730164"})
	lifted := []OpenThread{{ID: "a", Code: "482915", Ended: noon.Add(-10 * time.Minute)}}
	locked := []OpenThread{{ID: "a", Code: "482915", WrongTries: 5}}
	for _, c := range []struct {
		name string
		text string
		open []OpenThread
		want Reading
	}{
		{"the code", "482915", one, taken("a", false)},
		{"the code of the second thread", "730164", two, taken("b", false)},
		{"full-width digits", "４８２９１５", one, taken("a", false)},
		{"the code with words around it", "收到，482915。", two, taken("a", false)},
		{"the code without a space", "收到482915", two, taken("a", false)},
		{"bare 收到, one thread", "收到", one, taken("a", false)},
		{"bare 1", " 1 ", one, taken("a", false)},
		{"bare １", "１", one, taken("a", false)},
		{"好的", "好的！", one, taken("a", false)},
		{"bare 收到, several threads: the desk", "收到", two, Reading{Outcome: OutcomeAmbiguous}},
		{"bare 2: help", "2", one, taken("a", true)},
		{"help with the code", "482915 2", two, taken("a", true)},
		{"help in a sentence", "482915需要支援，有两人受困", two, taken("a", true)},
		{"help, several threads: the desk rings", "需要支援", two, Reading{Outcome: OutcomeAmbiguous, Support: true}},
		{"help with a wrong code is heard", "111111 需要支援", one, Reading{Outcome: OutcomeWrongCode, Support: true}},
		{"help that is not needed", "482915 无需支援", one, taken("a", false)},
		{"not me", "不是本人", two, Reading{Outcome: OutcomeTaken, WrongPerson: true}},
		{"not me with the code", "482915 3", two, Reading{Outcome: OutcomeTaken, Thread: "a", WrongPerson: true}},
		{"a wrong code", "111111", one, Reading{Outcome: OutcomeWrongCode}},
		{"seven digits are no code", "4829150", one, Reading{Outcome: OutcomeUnclear}},
		{"chatter", "你是谁", one, Reading{Outcome: OutcomeUnclear}},
		{"nothing at all", "", one, Reading{Outcome: OutcomeUnclear}},
		{"the right code after five wrong ones", "482915", locked, Reading{Outcome: OutcomeLocked, Thread: "a"}},
		{"after the lift", "482915", lifted, Reading{Outcome: OutcomeLate, Thread: "a"}},
		{"收到 after the lift", "收到", lifted, Reading{Outcome: OutcomeLate}},
		{"收到, one of two still asked", "收到", append(lifted, OpenThread{ID: "b", Code: "730164"}), taken("b", false)},
		{"a stranger", "482915", nil, Reading{Outcome: OutcomeStranger}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := DefaultRules().ReadReply(c.text, c.open, noon); !reflect.DeepEqual(got, c.want) {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

func taken(thread string, support bool) Reading {
	return Reading{Outcome: OutcomeTaken, Thread: thread, Events: []Event{Acknowledge}, Support: support}
}

func TestWhatAKeyMeans(t *testing.T) {
	heard := Reading{Outcome: OutcomeTaken, Events: []Event{Open}}
	for _, c := range []struct {
		name      string
		kind      NoticeKind
		digit     string
		playedOut bool
		want      Reading
	}{
		{"1 after the whole message", NoticeAlert, "1", true, Reading{Outcome: OutcomeTaken, Events: []Event{Acknowledge}}},
		{"1 before its end", NoticeAlert, "1", false, heard},
		{"no key", NoticeAlert, "", true, heard},
		{"another key", NoticeAlert, "9", true, heard},
		{"2: help, and signed", NoticeAlert, "2", true, Reading{Outcome: OutcomeTaken, Events: []Event{Acknowledge}, Support: true}},
		{"2 before the end: help, not signed", NoticeAlert, "2", false, Reading{Outcome: OutcomeTaken, Events: []Event{Open}, Support: true}},
		{"2 when asked to take over: cannot come", NoticeTakeover, "2", true, Reading{Outcome: OutcomeTaken, Events: []Event{Open}, Unable: true}},
		{"3: not me", NoticeAlert, "3", false, Reading{Outcome: OutcomeTaken, WrongPerson: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := ReadKey(c.kind, c.digit, c.playedOut); !reflect.DeepEqual(got, c.want) {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

func TestHowLongACodeLives(t *testing.T) {
	codes := DefaultRules().Codes
	if codes.Dead(noon) != noon.Add(30*time.Minute) || codes.Locked(4) || !codes.Locked(5) {
		t.Errorf("%+v", codes)
	}
}

// Only a right code or an only thread can ever be signed.
func TestNoTextSignsWhatItDoesNotName(t *testing.T) {
	text := rapid.StringOf(rapid.SampledFrom([]rune("收到好的不是本人需要支援0123456789４８２９１５ ，。")))
	rapid.Check(t, func(t *rapid.T) {
		open := []OpenThread{{ID: "a", Code: "482915"}, {ID: "b", Code: "730164"}}
		said := text.Draw(t, "text")
		got := DefaultRules().ReadReply(said, open, noon)
		codes, _ := readWords(said)
		if len(got.Events) > 0 && len(codes) == 0 {
			t.Fatalf("%q signed %s", said, got.Thread)
		}
	})
}
