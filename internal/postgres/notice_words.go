package postgres

import (
	"time"

	"muster/internal/response"
	"muster/internal/warning"
)

// words puts an errand into the words of the rule book.
func (b brief) words(e errand, code string, at time.Time) (response.Wording, error) {
	var measure warning.Measure
	if len(e.threads) > 0 {
		measure = e.threads[0].Measure
	}
	return b.rules.Text(e.kind, measure, e.channel, b.facts(e, code, at))
}

func (b brief) facts(e errand, code string, at time.Time) response.Facts {
	f := response.Facts{Warning: response.ShortName(b.Hazard, b.Level), Level: b.Level, Source: b.Kind, Basis: b.Basis, Issuer: b.Issuer,
		Authority: b.AuthorityName, Code: code, Note: b.Note, At: at, Exercise: b.Mode == "exercise"}
	if b.WarningID == nil {
		f.Warning = "现场险情"
	}
	for at, field := range map[*time.Time]*time.Time{b.IssuedAt: &f.Issued, b.PublishedAt: &f.Published, b.Expires: &f.Until} {
		if at != nil {
			*field = *at
		}
	}
	for _, t := range e.threads {
		f.Sites = append(f.Sites, t.SiteName)
	}
	if len(e.threads) > 0 {
		worst := e.threads[0]
		f.Sentence, f.Muster, f.Total = worst.Sentence, worst.MusterPoint, len(e.threads)
		if f.By = e.due; f.By.IsZero() {
			f.By = b.rules.Plan(response.MustAcknowledge, worst.situation(), at).Due
		}
		f.Returned = worst.Returned
		f.Reason = e.reason
		for _, t := range e.threads {
			if t.State.Silent() {
				f.Unanswered++
			}
			if t.State.Live() && t.AcknowledgedAt == nil {
				f.Unfinished++
			}
		}
	}
	if n := e.numbers; n != nil {
		f.Total, f.Unanswered, f.Unfinished, f.Unverified = n.Total, n.Unanswered, n.Unfinished, n.Unverified
	}
	return f
}
