package gatetest

import (
	"context"
	"strings"
	"time"

	"muster/internal/errs"
	"muster/internal/roster"
	"muster/internal/roster/gate"
)

// Team implements gate.Labour.
func (d *Door) Team(_ context.Context, _ gate.Device, t gate.Team, _ time.Time) (int64, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	key := t.Project + "/" + t.CompanyCode + "/" + t.Name
	if d.Teams[key] == 0 {
		d.Teams[key] = 1300001 + int64(len(d.Teams))
	}
	return d.Teams[key], nil
}

// Workers implements gate.Labour: it insists on a valid number of an identity card.
func (d *Door) Workers(_ context.Context, _ gate.Device, list []gate.Worker, _ time.Time) ([]error, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	answers := make([]error, len(list))
	for i, w := range list {
		if _, err := roster.ParseCitizenID(w.Document.Number); err != nil {
			answers[i] = err
			continue
		}
		d.People = append(d.People, w)
	}
	return answers, nil
}

// Moves implements gate.Labour: somebody who is not known cannot join.
func (d *Door) Moves(_ context.Context, _ gate.Device, list []gate.Move, _ time.Time) ([]error, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	answers := make([]error, len(list))
	for i, m := range list {
		if strings.TrimSpace(m.Document.Number) == "" {
			answers[i] = errs.New(errs.Fix, "nobody", "没有写明是谁")
			continue
		}
		d.Movers = append(d.Movers, m)
	}
	return answers, nil
}

// Settle implements gate.Labour.
func (d *Door) Settle(_ context.Context, _ gate.Device, code string, r gate.Result, _ time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.Results[code] = r
	return nil
}

// Result implements gate.Labour.
func (d *Door) Result(_ context.Context, _ gate.Device, code string) (gate.Result, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r, ok := d.Results[code]
	if !ok {
		return r, errs.New(errs.NotFound, "result_unknown", "没有这个流水号")
	}
	return r, nil
}
