package app

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/warning/feed"
)

// intake is the way in for documents: store the bytes, then understand them,
// then let the database draft what follows. Each step can be done again.
type intake struct {
	db  *postgres.DB
	log *slog.Logger
}

// Receive implements httpapi.Intake. What was stored and then interrupted is
// picked up by recover at the next start.
func (in intake) Receive(ctx context.Context, source, contentType string, body []byte, at time.Time) (postgres.Receipt, error) {
	raw, repeated, err := in.db.StoreRaw(ctx, source, contentType, body, at)
	if err != nil {
		return postgres.Receipt{}, err
	}
	r, err := in.understand(ctx, postgres.RawMessage{ID: raw, Source: source, Body: body}, at)
	r.Repeated = repeated
	return r, err
}

func (in intake) understand(ctx context.Context, raw postgres.RawMessage, at time.Time) (postgres.Receipt, error) {
	result := feed.Parse(raw.Body, at)
	u := postgres.Understood{RawID: raw.ID, Format: result.Format, Outcome: string(result.Outcome), Messages: result.Messages}
	for _, r := range result.Reasons {
		u.Reasons = append(u.Reasons, postgres.Reason(r))
	}
	trusted, err := in.db.TrustsSource(ctx, raw.Source)
	if err != nil {
		return postgres.Receipt{}, err
	}
	if trusted {
		for _, m := range result.Messages {
			u.Trusted = append(u.Trusted, m.Sender)
		}
	}
	return in.db.Understand(ctx, u, at)
}

// recover understands what was stored and not understood because the process
// ended in between: what is in force becomes a draft for a person, never
// silence. A document that cannot be taken in must not keep the service from
// starting; it stays unread and is tried again at the next start.
func (in intake) recover(ctx context.Context, at time.Time) error {
	var last uuid.UUID
	for n := 0; ; n++ {
		raw, err := in.db.Unread(ctx, last)
		if errs.Is(err, errs.NotFound) {
			if n > 0 {
				in.log.Info("documents read again after a restart", "count", n)
			}
			return nil
		}
		if err != nil {
			return err
		}
		last = raw.ID
		if _, err := in.understand(ctx, raw, at); err != nil {
			in.log.Error("a stored document cannot be taken in", "raw_message", raw.ID, "err", err)
		}
	}
}
