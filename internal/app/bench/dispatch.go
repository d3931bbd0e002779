package bench

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"muster/internal/account"
	"muster/internal/postgres"
)

// DispatchOptions say how large a province is warned.
type DispatchOptions struct {
	Sites   int           // of the province; the large warning reaches all of them
	Near    int           // sites under the small warning
	Notices int           // in the ledger, for claiming and completing
	Owner   *pgxpool.Pool // for what the application may not do: filling the ledger, River's tables
	Tidy    func(context.Context) error
}

// Dispatch measures the way of a warning from the button to the carrier: the
// publishing transaction, what others feel of it, the first attempt, and the
// ledger by itself, beside River and beside a ledger that is worked off row by
// row.
func Dispatch(ctx context.Context, db *postgres.DB, opt DispatchOptions, progress io.Writer) (Report, error) {
	report := Report{Bench: "dispatch", Machine: machine()}
	b, err := newDispatchBench(ctx, db, opt, progress)
	if err != nil {
		return report, err
	}
	for _, measure := range []func(context.Context) ([]Figure, error){b.publishing, b.ledger, b.peers, b.carried} {
		figures, err := measure(ctx)
		report.Figures = append(report.Figures, figures...)
		if err != nil {
			return report, err
		}
	}
	return report, nil
}

// dispatchBench is the state of one run.
type dispatchBench struct {
	db       *postgres.DB
	opt      DispatchOptions
	progress io.Writer
	sealer   *account.Sealer
	office   postgres.Authority
	near     float64 // metres around the centre that hold opt.Near sites
	rate     float64 // notices a second through the ledger, for the ratios
	contract uuid.UUID
}

func (b *dispatchBench) say(format string, args ...any) {
	fmt.Fprintf(b.progress, format+"\n", args...)
}

// within is a figure that should stay below a number of milliseconds.
func within(name string, took, goal time.Duration) Figure {
	return Figure{Name: name, Value: milliseconds(took), Unit: "ms", Goal: fmt.Sprintf("<= %d", goal.Milliseconds()), Holds: took <= goal}
}

// perSecond is a rate, without a goal.
func perSecond(name string, n int, took time.Duration) Figure {
	return Figure{Name: name, Value: float64(n) / took.Seconds(), Unit: "/s", Holds: true}
}
