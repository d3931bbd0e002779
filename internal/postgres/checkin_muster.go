package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/response"
	"muster/internal/roster"
)

// ScannedAtMuster marks people safe who scanned at the muster point (集合点) of a
// site whose people are being moved or sheltered, in every such response; it gives
// how many responses there were. The same scans again are the same marks.
func (db *DB) ScannedAtMuster(ctx context.Context, site uuid.UUID, scans []CheckinScan, at time.Time) (int, error) {
	var threads []thread
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT id FROM response WHERE site_id = $1 AND ended_at IS NULL AND measure IN ('evacuate', 'shelter') ORDER BY id`, site)
		if err != nil {
			return err
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		if err != nil || len(ids) == 0 {
			return err
		}
		if threads, err = lockThreads(ctx, tx, ids); err != nil {
			return err
		}
		for _, t := range threads {
			if err := drawUpMuster(ctx, tx, t, at); err != nil {
				return err
			}
			if err := insertMarks(ctx, tx, t, scanMarks(t, scans), Actor{Name: "scan"}, at); err != nil {
				return err
			}
		}
		return announceThreads(ctx, tx, threads, at)
	})
	return len(threads), err
}

// scanMarks leaves out what was scanned before it began.
func scanMarks(t thread, scans []CheckinScan) []MusterMark {
	marks := make([]MusterMark, 0, len(scans))
	for _, s := range scans {
		if s.At.Before(t.OpenedAt) {
			continue
		}
		person, words := s.PersonID, ""
		if slices.Contains(s.Flags, string(roster.FlagUnproven)) {
			words = roster.FlagUnproven.Label()
		}
		marks = append(marks, MusterMark{ID: uuid.NewSHA1(t.ID, s.ID[:]), PersonID: &person, State: response.MusterSafe, Evidence: response.MusterScan, At: s.At, Words: words})
	}
	return marks
}
