package fake

import "time"

// Quota is a documented limit: so many messages to one receiver in a rolling time.
type Quota struct {
	Count int
	Per   time.Duration
	Code  string // what the provider calls it
	// Group sets what is counted together beside the receiver: nil counts all of
	// the door; else messages with the same value, such as a template or a text.
	Group func(Item) string
}

// ledger remembers when messages of one receiver were taken, by quota group.
type ledger map[string][]time.Time

// over gives the first quota that one more message would break; when none is, the
// message is written down.
func (l ledger) over(d *Door, it Item, now time.Time) *Quota {
	for i := range d.Quotas {
		q := &d.Quotas[i]
		if count(l[q.group(d, it)], now.Add(-q.Per)) >= q.Count {
			return q
		}
	}
	longest := map[string]time.Duration{}
	for i := range d.Quotas {
		group := d.Quotas[i].group(d, it)
		longest[group] = max(longest[group], d.Quotas[i].Per)
	}
	for group, per := range longest {
		l[group] = append(since(l[group], now.Add(-per)), now)
	}
	return nil
}

func (q *Quota) group(d *Door, it Item) string {
	if q.Group == nil {
		return d.Name
	}
	return d.Name + "\x00" + q.Group(it)
}

func count(times []time.Time, after time.Time) int { return len(since(times, after)) }

// since drops the times that are not after an instant; times are in order.
func since(times []time.Time, after time.Time) []time.Time {
	for i, t := range times {
		if t.After(after) {
			return times[i:]
		}
	}
	return nil
}
