package app

import (
	"context"

	"muster/internal/app/bench"
)

type benchTiles struct {
	Sites int    `help:"点位数" default:"1000000"`
	Seed  uint64 `help:"随机种子" default:"1"`
	JSON  bool   `help:"输出 JSON" name:"json"`
}

// Run measures the map's tiles, as the owner: it makes a schema of its own.
func (c *benchTiles) Run(ctx context.Context, sh shell) error {
	return onBenchDatabase(ctx, sh, c.JSON, func(b opened) (bench.Report, error) {
		return bench.Tiles(ctx, b.owner, bench.TilesOptions{Sites: c.Sites, Seed: c.Seed, At: sh.clock.Now()}, sh.stderr)
	})
}
