package tiles

import (
	"context"
	_ "embed"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

//go:embed refresh/written.sql
var writtenSQL string

//go:embed refresh/moved.sql
var movedSQL string

//go:embed refresh/all.sql
var allSQL string

// waiting is what has been heard of and not yet brought into the tables.
type waiting struct {
	mu      sync.Mutex
	moved   map[uuid.UUID]bool
	written bool
	missed  bool // nobody knows what
}

// Moved says that people came to or left a site.
func (s *Server) Moved(site uuid.UUID) {
	s.waiting.mu.Lock()
	defer s.waiting.mu.Unlock()
	s.waiting.moved[site] = true
}

// Written says that something was written that may concern sites.
func (s *Server) Written() {
	s.waiting.mu.Lock()
	defer s.waiting.mu.Unlock()
	s.waiting.written = true
}

// Missed says that words may have been lost: all sites are counted anew.
func (s *Server) Missed() {
	s.waiting.mu.Lock()
	defer s.waiting.mu.Unlock()
	s.waiting.missed = true
}

func (w *waiting) take() (moved []uuid.UUID, written, missed bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for site := range w.moved {
		moved = append(moved, site)
	}
	clear(w.moved)
	written, missed = w.written, w.missed
	w.written, w.missed = false, false
	return moved, written, missed
}

const (
	refreshEvery = time.Second
	quietFor     = 5 * time.Second // refreshed so often even when nothing was heard: the age says that somebody looks
	recountEvery = 5 * time.Minute // for those whom time has made possible; nobody rings for them
)

// Run keeps the tables fresh until ctx ends. Any number of replicas may: they
// take turns, and who comes second finds nothing to do.
func (s *Server) Run(ctx context.Context) error {
	tick := time.NewTicker(refreshEvery)
	defer tick.Stop()
	var refreshed, recounted time.Time
	for {
		at := s.clock.Now()
		moved, written, missed := s.waiting.take()
		var err error
		switch {
		case missed || at.Sub(recounted) >= recountEvery:
			if err = s.Recount(ctx, at); err == nil {
				refreshed, recounted = at, at
			}
		case len(moved) > 0 || written || at.Sub(refreshed) >= quietFor:
			if err = s.Refresh(ctx, moved, at); err == nil {
				refreshed = at
			}
		}
		if err != nil && ctx.Err() == nil {
			s.Missed() // what was taken is not lost
			s.log.Warn("tiles not refreshed", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Refresh takes over what was written about sites and counts the people of the
// moved ones, as of an instant.
func (s *Server) Refresh(ctx context.Context, moved []uuid.UUID, at time.Time) error {
	return s.turn(ctx, at, func(tx pgx.Tx) error {
		if len(moved) > 0 {
			if _, err := tx.Exec(ctx, movedSQL, pgx.NamedArgs{"moved": moved, "at": at}); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, "UPDATE tile_state SET counted_at = greatest(counted_at, $1)", at)
		return err
	})
}

// Recount is Refresh for all sites.
func (s *Server) Recount(ctx context.Context, at time.Time) error {
	return s.turn(ctx, at, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, allSQL, pgx.NamedArgs{"at": at}); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "UPDATE tile_state SET counted_at = greatest(counted_at, $1), recounted_at = greatest(recounted_at, $1)", at)
		return err
	})
}

// lockTiles is the advisory lock of those who write tile_site: "til".
const lockTiles = 0x74696c

// turn runs f alone, after taking over what was written.
func (s *Server) turn(ctx context.Context, at time.Time, f func(pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", lockTiles); err != nil {
			return err
		}
		if err := takeOver(ctx, tx, at); err != nil {
			return err
		}
		return f(tx)
	})
}

func takeOver(ctx context.Context, tx pgx.Tx, at time.Time) error {
	rows, err := tx.Query(ctx, "DELETE FROM tile_dirty RETURNING site_id")
	if err != nil {
		return err
	}
	written, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil || len(written) == 0 {
		return err
	}
	_, err = tx.Exec(ctx, writtenSQL, pgx.NamedArgs{"sites": written, "at": at})
	return err
}
