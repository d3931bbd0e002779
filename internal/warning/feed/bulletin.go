package feed

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"muster/internal/clock"
	"muster/internal/geo"
	"muster/internal/warning"
)

// maxBulletin is the longest text that is read as a bulletin; real ones have a few
// kilobytes.
const maxBulletin = 256 << 10

// bulletin is one bulletin of a text being read.
type bulletin struct {
	draft
	text     plain
	from, to int // bytes of the text
	head     head
	issuer   office
	offices  []office
	mentions []geo.RegionMention
	at       time.Time // of receipt
	adviceAt int       // where the advice begins
	lifts    bool
	stops    []int // where its clauses end
	unsure   bool  // the regions as a whole must be confirmed
	marks    []Mark
}

// readBulletin reads the words of a warning: 气象灾害预警, 地质灾害气象风险预警,
// 山洪灾害预警, 洪水预警 as bureaus write them and people forward them. What cannot
// be read is said, never guessed: a region that is not named for certain is only
// possible, a level that is not in the text is unknown. ok is false for a text that
// is no such bulletin.
func readBulletin(text string, at time.Time) (r Result, marks []Mark, ok bool) {
	if len(text) > maxBulletin {
		return r, nil, false
	}
	list := bulletinsOf(plainOf(text), at)
	r = Result{Format: "bulletin", Outcome: Accepted}
	for i := range list {
		b := &list[i]
		if !b.read() {
			continue
		}
		one := b.result()
		r.Messages = append(r.Messages, one.Messages...)
		r.Reasons = append(r.Reasons, one.Reasons...)
		marks = append(marks, b.marks...)
		r.Outcome = stricter(r.Outcome, one.Outcome, len(r.Messages) == 1)
	}
	return r, inOrder(marks), len(r.Messages) > 0
}

// stricter is the outcome of a text that holds several bulletins: held as soon as
// one is, ignored only when all are.
func stricter(a, b Outcome, first bool) Outcome {
	if first || a == b {
		return b
	}
	return Held
}

// BulletinMarks says what of a pasted text is read as what, by place, in order and
// without overlap. It is empty for a text that is no bulletin.
func BulletinMarks(text string, at time.Time) []Mark {
	_, marks, _ := readBulletin(text, at)
	return marks
}

// read reads the whole bulletin; false when it names no hazard under a warning.
func (b *bulletin) read() bool {
	b.Message = warning.Message{Format: "bulletin", Status: warning.StatusActual, MsgType: warning.MsgAlert, Scope: "public"}
	b.readAct()
	subjects := b.subjects()
	if len(subjects) == 0 {
		return false
	}
	b.readIssuer()
	b.readStatus()
	spans := b.spans()
	moments := b.moments(spans)
	b.readIssued(moments)
	w := b.readWindow(spans)
	b.Headline = b.headline()
	b.claims(subjects, w)
	b.identify(subjects, moments)
	return true
}

// readIssuer takes the office at the head, else one that signs.
func (b *bulletin) readIssuer() {
	o := b.issuer
	if o.to == 0 {
		b.hold("issuer_unread", "没有读出发布单位，请人工填写")
		return
	}
	b.Sender = o.name(b.text.s)
	means := "发布单位"
	if o.region == "" {
		b.hold("issuer_region_unread", "发布单位没有写明是哪里的，辖区没有读出，请人工确认")
	} else {
		b.SenderCode = o.region.Adcode()
		means += "，辖区 " + nameOf(o.region)
	}
	b.mark(o.from, o.to, MarkIssuer, means, o.region != "")
}

// identify gives the bulletin an id that the same bulletin has again when somebody
// else forwards it, and that a later one can refer to by the time it names.
func (b *bulletin) identify(subjects []subject, moments []momentAt) {
	if b.Sent.IsZero() || b.Sender == "" {
		sum := sha256.Sum256([]byte(b.text.s[b.from:b.to]))
		b.ID = "bulletin/" + hex.EncodeToString(sum[:8])
		return
	}
	b.ID = bulletinID(b.Sender, subjects[0].hazard, b.Sent)
	if b.lifts {
		b.ID += "/解除"
	}
	for _, p := range moments {
		if t, ok := p.on(b.Sent); ok && p.refers {
			if p.day == 0 && t.After(b.Sent) {
				t = t.AddDate(0, 0, -1)
			}
			b.References = []warning.Reference{{Sender: b.Sender, ID: bulletinID(b.Sender, subjects[0].hazard, t), Sent: t}}
			b.mark(p.from, p.to, MarkAct, "所指的是 "+t.In(clock.Shanghai).Format("01-02 15:04")+" 发布的一条", p.year > 0)
		}
	}
	if len(b.References) == 0 && b.MsgType != warning.MsgAlert {
		b.flag(warning.FlagNoReferences)
	}
}

func bulletinID(sender string, hazard warning.Hazard, sent time.Time) string {
	return strings.Join([]string{"bulletin", sender, string(hazard), sent.In(clock.Shanghai).Format("200601021504")}, "/")
}

// headline is the sentence that acts, else the first line.
func (b *bulletin) headline() string {
	from, to := b.from, b.head.to
	if b.head.from > b.from {
		from = b.head.from
	}
	if to <= from {
		to = min(b.to, from+300)
	}
	return clip(b.text.words(from, whole(b.text.s, to)), 100)
}
