package postgres

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/internal/errs"
	"muster/internal/response"
	"muster/internal/warning"
)

// TextPlan is one text as it would leave, for one kind of notice, measure and
// channel. The values are those of one receiver; each gets his own.
type TextPlan struct {
	Kind     response.NoticeKind
	Measure  warning.Measure
	Channel  response.Channel
	Template string
	Title    string
	Text     string
	Segments []response.Segment
	Notices  int
	Parts    int // short messages that one notice takes; 0 for other channels
}

// codeToCome stands where each receiver's own code will be.
const codeToCome = "······"

type textKey struct {
	kind    response.NoticeKind
	measure warning.Measure
	channel response.Channel
}

// words puts one errand of each kind, measure and channel into words.
func (p *planned) words(_ context.Context, _ pgx.Tx, at time.Time) error {
	index := map[textKey]int{}
	for _, w := range p.waves {
		for _, e := range w.errands {
			key := textKey{e.kind, e.threads[0].Measure, e.channel}
			if i, there := index[key]; there {
				if i >= 0 {
					p.out.Texts[i].Notices++
				}
				continue
			}
			t, err := p.text(key, e, at)
			if errs.Is(err, errs.NotFound) {
				index[key] = -1 // no words for it: it does not leave
				continue
			}
			if err != nil {
				return err
			}
			index[key] = len(p.out.Texts)
			p.out.Texts = append(p.out.Texts, t)
		}
	}
	slices.SortStableFunc(p.out.Texts, func(a, b TextPlan) int {
		return cmp.Or(b.Measure.Strictness()-a.Measure.Strictness(), slices.Index(response.NoticeKinds(), a.Kind)-slices.Index(response.NoticeKinds(), b.Kind),
			slices.Index(response.Channels(), a.Channel)-slices.Index(response.Channels(), b.Channel))
	})
	return nil
}

func (p *planned) text(key textKey, e errand, at time.Time) (TextPlan, error) {
	w, segments, err := p.rules.Segments(key.kind, key.measure, key.channel, p.facts(e, codeToCome, at))
	t := TextPlan{Kind: key.kind, Measure: key.measure, Channel: key.channel, Template: w.Template, Title: w.Title, Text: w.Text, Segments: segments, Notices: 1}
	if key.channel == response.SMS {
		t.Parts = response.Segments(len([]rune(w.Text)) + p.rules.Texts.Signature)
	}
	return t, err
}
