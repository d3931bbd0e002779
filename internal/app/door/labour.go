package door

import (
	"context"
	"time"

	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/roster"
	"muster/internal/roster/gate"
)

// Team implements gate.Labour.
func (d Door) Team(ctx context.Context, _ gate.Device, t gate.Team, at time.Time) (int64, error) {
	team := postgres.LabourTeam{ProjectCode: t.Project, CompanyCode: t.CompanyCode, Company: t.Company, Name: t.Name}
	if !t.Entered.IsZero() {
		team.EnteredOn = &t.Entered
	}
	return d.DB.PutTeam(ctx, team, at)
}

// Workers implements gate.Labour.
func (d Door) Workers(ctx context.Context, _ gate.Device, list []gate.Worker, at time.Time) ([]error, error) {
	return each(list, func(w gate.Worker) error {
		number, err := documentNumber(w.Document)
		if err != nil {
			return err
		}
		phone, err := roster.ParsePhone(w.Phone)
		if err != nil {
			phone = "" // people without a telephone, and wrong ones, are registered all the same
		}
		return d.DB.PutWorker(ctx, d.Sealer, postgres.LabourWorker{TeamNo: w.TeamNo, Name: w.Name, IDNumber: number, Phone: phone,
			WorkType: w.WorkType, Leader: w.Leader}, at)
	})
}

// Moves implements gate.Labour.
func (d Door) Moves(ctx context.Context, _ gate.Device, list []gate.Move, at time.Time) ([]error, error) {
	return each(list, func(m gate.Move) error {
		number, err := documentNumber(m.Document)
		if err != nil {
			return err
		}
		return d.DB.PutMove(ctx, d.Sealer, postgres.LabourMove{TeamNo: m.TeamNo, IDNumber: number, Day: m.Day, Joined: m.Joined}, at)
	})
}

// identityCard is the kind of the second-generation identity card (devices.md §1.3).
const identityCard = "01"

func documentNumber(doc gate.IDDocument) (string, error) {
	if doc.Kind != identityCard && doc.Kind != "" {
		return doc.Number, nil
	}
	return roster.ParseCitizenID(doc.Number)
}

// each does one after the other. What is wrong with one of them is its own
// answer; when the database is away, nothing is answered.
func each[T any](list []T, do func(T) error) ([]error, error) {
	answers := make([]error, len(list))
	for i, v := range list {
		err := do(v)
		if kind := errs.KindOf(err); err != nil && (kind == errs.Down || kind == errs.Internal) {
			return nil, err
		}
		answers[i] = err
	}
	return answers, nil
}

// Settle implements gate.Labour.
func (d Door) Settle(ctx context.Context, device gate.Device, code string, r gate.Result, at time.Time) error {
	return d.DB.SettleLabour(ctx, device.ID, code, postgres.LabourResult{State: string(r.State), Text: r.Text}, at)
}

// Result implements gate.Labour.
func (d Door) Result(ctx context.Context, device gate.Device, code string) (gate.Result, error) {
	r, err := d.DB.LabourResultOf(ctx, device.ID, code)
	return gate.Result{State: gate.ResultState(r.State), Text: r.Text}, err
}
