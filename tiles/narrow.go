package tiles

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/errs"
)

// An authority supervises mostly what lies in its own territory: its projects add
// nothing to what the sums say already. Which ones do is found out once in a while.
type narrowed struct {
	mu   sync.Mutex
	kept map[[32]byte]kept
}

type kept struct {
	projects []uuid.UUID
	until    time.Time
}

const (
	narrowFor = 20 * time.Second
	mostKept  = 1000 // scopes; more are forgotten together
)

// narrow leaves out the projects all of whose sites lie in the territory.
func (s *Server) narrow(ctx context.Context, r rights) (rights, error) {
	if len(r.Ranges) == 0 || len(r.Projects) == 0 {
		return r, nil
	}
	name, at := sha256.Sum256(fmt.Append(nil, r.Ranges, r.Projects)), s.clock.Now()
	s.narrowed.mu.Lock()
	k, known := s.narrowed.kept[name]
	s.narrowed.mu.Unlock()
	if !known || !at.Before(k.until) {
		projects, err := s.beyond(ctx, r)
		if err != nil {
			return r, errs.New(errs.Down, "tiles_unread", "地图数据暂时读不到").Because(err)
		}
		k = kept{projects, at.Add(narrowFor)}
		s.narrowed.keep(name, k)
	}
	r.Projects = k.projects
	return r, nil
}

func (n *narrowed) keep(name [32]byte, k kept) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.kept == nil || len(n.kept) >= mostKept {
		n.kept = map[[32]byte]kept{}
	}
	n.kept[name] = k
}

// beyond is the projects with a site outside of the territory.
func (s *Server) beyond(ctx context.Context, r rights) ([]uuid.UUID, error) {
	args := pgx.NamedArgs{"projects": r.Projects}
	rows, err := s.pool.Query(ctx, r.scoped(`
		SELECT p FROM unnest(@projects::uuid[]) p
		WHERE  EXISTS (SELECT FROM tile_site s WHERE s.project_id = p AND NOT s.closed AND NOT TERRITORY(s.region))`, args), args)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
}
