package feed

import "muster/internal/warning"

// Outcome is what became of a document.
type Outcome string

// The outcomes.
const (
	Accepted Outcome = "accepted" // understood
	Held     Outcome = "held"     // readable, a person must look
	Ignored  Outcome = "ignored"  // understood, not for dispatch: test, exercise, draft, machine traffic
	Rejected Outcome = "rejected" // unreadable or unsafe
)

// Reason says why a document was not simply accepted: a word for machines and a
// Chinese sentence for people.
type Reason struct {
	Code string
	Text string
}

// Result is what a document turned out to be.
type Result struct {
	Format   string // cap, cma, atom, nmc … or unknown
	Outcome  Outcome
	Reasons  []Reason
	Messages []warning.Message
}

func rejected(format string, r *Reason) Result {
	return Result{Format: format, Outcome: Rejected, Reasons: []Reason{*r}}
}

// draft is a message being read, with what was noticed on the way.
type draft struct {
	warning.Message
	held    []Reason
	ignored []Reason
}

func (d *draft) flag(f warning.Flag) {
	if !d.HasFlag(f) {
		d.Flags = append(d.Flags, f)
	}
}

func (d *draft) hold(code, text string) {
	for _, r := range d.held {
		if r.Code == code {
			return
		}
	}
	d.held = append(d.held, Reason{code, text})
}

func (d *draft) ignore(code, text string) {
	d.ignored = append(d.ignored, Reason{code, text})
}

// result closes the draft: what is not for dispatch is ignored whatever else is
// wrong with it; what needs a person is held.
func (d *draft) result() Result {
	r := Result{Format: d.Format, Outcome: Accepted, Messages: []warning.Message{d.Message}}
	switch {
	case len(d.ignored) > 0:
		r.Outcome, r.Reasons = Ignored, d.ignored
	case len(d.held) > 0:
		r.Outcome, r.Reasons = Held, d.held
	}
	return r
}
