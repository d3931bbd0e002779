package postgres

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/internal/response"
)

// budgets runs the plan against what each number has had in the last day.
func (p *planned) budgets(ctx context.Context, tx pgx.Tx, at time.Time) error {
	for _, c := range []response.Channel{response.Voice, response.SMS} {
		tries := p.triesOf(c)
		past, err := attemptsOn(ctx, tx, c, tries.numbers(), at)
		if err != nil {
			return err
		}
		verdicts := map[string]string{} // numbers without a past that are tried alike meet the same limits
		stopped, words := 0, ""
		for phone, list := range tries {
			key, said, known := list.key(), "", false
			if len(past[phone]) == 0 {
				said, known = verdicts[key]
			}
			if !known {
				said = p.stops(c, past, phone, list, at)
			}
			if len(past[phone]) == 0 {
				verdicts[key] = said
			}
			if said != "" {
				stopped, words = stopped+1, said
			}
		}
		if stopped > 0 {
			p.limited("budget", c, stopped, "%d个号码的%s会达到限额（%s），改走下一通道", stopped, c.Label(), words)
		}
	}
	return nil
}

// try is one planned attempt on a number.
type try struct {
	after time.Duration
	kind  response.NoticeKind
}

type tryList []try

func (l tryList) key() string {
	var b strings.Builder
	for _, t := range l {
		fmt.Fprintf(&b, "%d%s ", t.after, t.kind)
	}
	return b.String()
}

// triesByPhone are the planned attempts on each number, in order.
type triesByPhone map[string]tryList

func (p *planned) triesOf(c response.Channel) triesByPhone {
	tries := triesByPhone{}
	for _, w := range p.waves {
		for _, e := range w.errands {
			if e.channel == c && e.person != nil && e.person.PhoneHash != nil {
				tries[*e.person.PhoneHash] = append(tries[*e.person.PhoneHash], try{w.after, e.kind})
			}
		}
	}
	return tries
}

func (t triesByPhone) numbers() []response.Claimed {
	list := make([]response.Claimed, 0, len(t))
	for phone := range t {
		list = append(list, response.Claimed{PhoneHash: &phone})
	}
	return list
}

// stops gives in words the first limit that a number meets; "" when it meets none.
func (p *planned) stops(c response.Channel, past attempts, phone string, list tryList, at time.Time) string {
	mine := attempts{phone: past[phone]}
	for _, t := range list {
		n := response.Claimed{PhoneHash: &phone, WarningID: p.WarningID, Kind: t.kind}
		day, episode := mine.of(n)
		if v := p.rules.Budget.Allow(c, day, episode, t.kind, at.Add(t.after)); !v.OK && !v.Wait {
			return v.Words
		}
		mine.add(n, at.Add(t.after))
	}
	return ""
}
