package app

import (
	"context"

	"muster/internal/postgres"
)

type migrateCommand struct{}

// Run migrates the configured database as its owner.
func (migrateCommand) Run(ctx context.Context, sh shell) error {
	c := readConfig(sh.getenv)
	if err := c.need("MUSTER_OWNER_DATABASE"); err != nil {
		return err
	}
	n, err := postgres.Migrate(ctx, c.owner)
	if err != nil {
		return err
	}
	sh.printf("已执行 %d 个迁移\n", n)
	return nil
}
