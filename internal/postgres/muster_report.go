package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/internal/errs"
	"muster/internal/response"
	"muster/internal/warning"
)

// beginMuster draws up the list of an evacuation that somebody has taken up, or
// adds to it who has come in since.
func beginMuster(ctx context.Context, tx pgx.Tx, t thread, at time.Time) error {
	if t.Measure != warning.Evacuate {
		return nil
	}
	return drawUpMuster(ctx, tx, t, at)
}

// withMuster gives a report the numbers of the roll call, where one was held: it
// cannot say anything else than its own marks. Who is neither safe nor missing
// nor elsewhere has to be explained in words.
func (a Answer) withMuster(ctx context.Context, q querier, t *thread) (Answer, error) {
	if a.Event != response.Report || t.Measure != warning.Evacuate {
		return a, nil
	}
	m, err := musterOf(ctx, q, t.ID)
	if err != nil || !m.Marked {
		return a, err
	}
	if m.Totals.Open > 0 && a.Words == "" {
		return a, errs.New(errs.Fix, "unaccounted", "还有 %d 人没有清点", m.Totals.Open).With(errs.Detail{Where: "words",
			Text: "名单上的人没有全部清点", Mend: "逐人标明已到、失联或不在点位；说不清的，用文字写明原因"})
	}
	safe, missing := m.Totals.Safe, m.Totals.Missing
	a.Safe, a.Missing, a.elsewhere = &safe, &missing, m.Totals.Elsewhere
	return a, nil
}
