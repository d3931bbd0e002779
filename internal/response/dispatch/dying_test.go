package dispatch_test

import (
	"context"
	"time"

	"muster/internal/postgres"
	"muster/internal/response"
)

// dying is the database of a worker that dies: what it claims is claimed, and it
// writes nothing down any more. early: nor does the carrier get anything.
type dying struct {
	*postgres.DB
	early bool
}

func (d dying) ClaimNotices(ctx context.Context, l response.Lane, n int, limits response.Budget, lease, at time.Time) ([]response.Claimed, error) {
	list, err := d.DB.ClaimNotices(ctx, l, n, limits, lease, at)
	if d.early {
		return nil, err
	}
	return list, err
}

func (d dying) CompleteNotices(context.Context, []response.Done) error {
	return nil
}
