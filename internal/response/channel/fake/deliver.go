package fake

// Receipt is what became of a delivery.
type Receipt struct {
	ID    string // the carrier's id of the message; the first one's when it is Known
	Known bool   // the same key was taken before: counted, not delivered again
	Over  *Quota // not taken: over this limit
}

// Deliver puts an item into a box, once per key, and starts what the person behind
// it does. from may be nil for providers without accounts. Item's ID, Door, Kind,
// At and State are filled in.
func (c *Carrier) Deliver(d *Door, from *customer, to Box, it Item) Receipt {
	var r Receipt
	r.ID, r.Known = c.journal.take(d.Name, it.Key, func() string {
		it.ID = c.nextID()
		if r.Over = c.show(d, from, to, it); r.Over != nil {
			return ""
		}
		return it.ID
	})
	switch {
	case r.Known:
		c.counts.repeated.Add(1)
	case r.Over != nil:
		c.counts.limited.Add(1)
	default:
		c.counts.delivered.Add(1)
	}
	return r
}

func (c *Carrier) show(d *Door, from *customer, to Box, it Item) (over *Quota) {
	now, conditions := c.Now(), c.weather.at(d.Name)
	it.Door, it.Kind, it.At, it.State = d.Name, d.Kind, now, "已送达"
	it.door, it.customer = d, from
	kept := &it
	c.screens.with(to, true, func(s *screen) {
		if !conditions.NoLimits && len(d.Quotas) > 0 {
			if over = s.sent.over(d, it, now); over != nil {
				return
			}
		}
		s.items.push(kept)
		s.total++
		s.latest = now
	})
	if over == nil && to.Kind == Phone && !conditions.Silent {
		c.begin(to, kept, now)
	}
	return over
}
