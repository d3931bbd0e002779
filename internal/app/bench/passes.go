package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"muster/internal/account"
	"muster/internal/postgres"
)

// PassesOptions say how large a province passes its gates.
type PassesOptions struct {
	Sites   int
	People  int
	Callers int           // gates that push at the same time, one pass each
	History int           // passes that are there before it begins
	Lasts   time.Duration // how long each way is measured
	Owner   *pgxpool.Pool // the history is filled in by the owner
	Tidy    func(context.Context) error
	Gates   http.Handler    // the gates' protocols over db; nil: not measured over HTTP
	Sealer  *account.Sealer // the keys of Gates
}

// Passes measures how fast passes are taken: one by one from many callers, each
// answered when his pass is on disk and presence has moved; the same with a
// transaction for each pass; the whole way of a device, over HTTP; and what a long
// history changes. Afterwards presence must equal the fold of all passes, and the
// sealer seals them.
func Passes(ctx context.Context, db *postgres.DB, opt PassesOptions, progress io.Writer) (Report, error) {
	report := Report{Bench: "passes", Machine: machine()}
	b := &passBench{db: db, opt: opt, progress: progress, began: time.Now().UTC().Truncate(time.Hour).AddDate(0, 0, -2)}
	for _, measure := range []func(context.Context) ([]Figure, error){b.empty, b.overHTTP, b.old, b.folded, b.sealed} {
		figures, err := measure(ctx)
		report.Figures = append(report.Figures, figures...)
		if err != nil {
			return report, err
		}
	}
	return report, nil
}

// passBench is the state of one run.
type passBench struct {
	db       *postgres.DB
	opt      PassesOptions
	progress io.Writer
	began    time.Time
	day      int    // days after began: what is measured on one finds its partition empty
	rounds   uint64 // so that no two ways send the same passes
}

func (b *passBench) say(format string, args ...any) {
	fmt.Fprintf(b.progress, format+"\n", args...)
}

// empty measures both ways without a history.
func (b *passBench) empty(ctx context.Context) ([]Figure, error) {
	b.say("%d callers, one pass each, group commit", b.opt.Callers)
	ours, err := b.drive(ctx, b.db.FlushPasses)
	if err != nil {
		return nil, err
	}
	b.say("the same, a transaction for each pass")
	rows, err := b.drive(ctx, b.rowAtATime)
	if err != nil {
		return nil, err
	}
	peer := fmt.Sprintf("row at a time %.0f", rows.rate())
	return []Figure{
		{Name: "passes, one by one", Value: ours.rate(), Unit: "/s", Peer: peer, Ratio: ours.rate() / rows.rate(), Goal: fmt.Sprintf(">= %d and >= 4 ×", pace),
			Holds: ours.rate() >= pace && ours.rate() >= 4*rows.rate()},
		{Name: "answered after, median", Value: milliseconds(ours.at(50)), Unit: "ms", Peer: fmt.Sprintf("row at a time %.1f", milliseconds(rows.at(50))),
			Ratio: milliseconds(rows.at(50)) / milliseconds(ours.at(50)), Holds: true},
		{Name: "answered after, 99 %", Value: milliseconds(ours.at(99)), Unit: "ms", Peer: fmt.Sprintf("row at a time %.1f", milliseconds(rows.at(99))),
			Ratio: milliseconds(rows.at(99)) / milliseconds(ours.at(99)), Goal: fmt.Sprintf("<= %d", answered.Milliseconds()), Holds: ours.at(99) <= answered},
	}, nil
}

// old measures again, when everybody has been seen before: late on the same day, on
// the next day, and on the day after that with a long history behind it, which is set
// beside the day that has none. What slows a pass is that presence has to forget where
// its person was; the goal is the same.
func (b *passBench) old(ctx context.Context) ([]Figure, error) {
	if b.opt.History == 0 {
		return nil, nil
	}
	var today int
	if err := b.opt.Owner.QueryRow(ctx, "SELECT count(*) FROM pass WHERE device_time >= $1", b.began).Scan(&today); err != nil {
		return nil, err
	}
	name := fmt.Sprintf("with %d passes of the same day", today)
	late, err := b.again(ctx, name)
	if err != nil {
		return nil, err
	}
	figures := []Figure{fast(name, late), within(name+", 99 %", late.at(99), answered)}
	b.day++
	next, err := b.again(ctx, "the next day")
	if err != nil {
		return figures, err
	}
	figures = append(figures, fast("the next day", next), within("the next day, 99 %", next.at(99), answered))
	b.say("filling in %d passes of history", b.opt.History)
	if err := b.fill(ctx); err != nil {
		return figures, err
	}
	b.day++
	name = fmt.Sprintf("a day with %d passes before it", b.opt.History)
	after, err := b.again(ctx, name)
	return append(figures, Figure{Name: name, Value: after.rate(), Unit: "/s", Peer: fmt.Sprintf("without %.0f", next.rate()),
		Ratio: after.rate() / next.rate(), Goal: ">= 0.8 × without", Holds: after.rate() >= 0.8*next.rate()},
		within(name+", 99 %", after.at(99), answered)), err
}

// again measures as at first. What was vacuumed or loaded in bulk has left the
// database's cache cold, as no gate does; so it drives once for nothing.
func (b *passBench) again(ctx context.Context, name string) (took, error) {
	if err := b.opt.Tidy(ctx); err != nil {
		return took{}, err
	}
	b.say("%s, after a warm-up", name)
	if _, err := b.drive(ctx, b.db.FlushPasses); err != nil {
		return took{}, err
	}
	return b.drive(ctx, b.db.FlushPasses)
}

// How many passes a second are to be taken, and how long all but one in a hundred of
// the gates may wait.
const (
	pace     = 30_000
	answered = 25 * time.Millisecond
)

// fast is a rate that is to reach the pace.
func fast(name string, t took) Figure {
	return Figure{Name: name, Value: t.rate(), Unit: "/s", Goal: fmt.Sprintf(">= %d", pace), Holds: t.rate() >= pace}
}
