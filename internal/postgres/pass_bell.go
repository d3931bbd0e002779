package postgres

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// headcountBell is the channel on which replicas hear at which sites other people
// are now.
const headcountBell = "muster_headcount"

// strokeSites is how many sites one stroke names: PostgreSQL's payloads end at
// 8,000 bytes.
const strokeSites = 200

// ringHeadcounts tells the replicas at which sites other people are now. It is a
// bell and no record: whoever misses it asks again with the next pass. Many sites go
// in one stroke, for at thirty thousand passes a second a stroke for each would cost
// a tenth of what the passes do.
func (db *DB) ringHeadcounts(ctx context.Context, lists [][]uuid.UUID) error {
	ctx, cancel := context.WithTimeout(ctx, flushTime)
	defer cancel()
	_, err := db.pool.Exec(ctx, "SELECT pg_notify($1, s) FROM unnest($2::text[]) s", headcountBell, strokes(slices.Concat(lists...)))
	return kindOf(err)
}

// strokes writes sites down in as few payloads as they fit in, each once.
func strokes(sites []uuid.UUID) []string {
	slices.SortFunc(sites, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	var payloads []string
	for some := range slices.Chunk(slices.Compact(sites), strokeSites) {
		payloads = append(payloads, strings.Join(column(some, uuid.UUID.String), ","))
	}
	return payloads
}

// sitesOf reads a payload of strokes.
func sitesOf(payload string) (sites []uuid.UUID) {
	for id := range strings.SplitSeq(payload, ",") {
		if site, err := uuid.Parse(id); err == nil {
			sites = append(sites, site)
		}
	}
	return sites
}
