package app

import (
	"context"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/media"
	"muster/internal/postgres"
)

// config is what the environment says (MUSTER_*). docs/configuration.md lists it.
type config struct {
	database string // of the application role
	owner    string // of the owner role, for migrate
	seal     string // key ring
	store    media.Config
}

func readConfig(getenv func(string) string) config {
	return config{
		database: getenv("MUSTER_DATABASE"),
		owner:    getenv("MUSTER_OWNER_DATABASE"),
		seal:     getenv("MUSTER_SEAL_KEYS"),
		store: media.Config{Endpoint: getenv("MUSTER_S3_ENDPOINT"), Access: getenv("MUSTER_S3_ACCESS"), Secret: getenv("MUSTER_S3_SECRET"),
			Bucket: or(getenv("MUSTER_S3_BUCKET"), "muster"), TLS: getenv("MUSTER_S3_TLS") == "true"},
	}
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// need says which variables are missing, all at once.
func (c config) need(names ...string) error {
	have := map[string]string{"MUSTER_DATABASE": c.database, "MUSTER_OWNER_DATABASE": c.owner, "MUSTER_SEAL_KEYS": c.seal,
		"MUSTER_S3_ENDPOINT": c.store.Endpoint, "MUSTER_S3_ACCESS": c.store.Access, "MUSTER_S3_SECRET": c.store.Secret}
	var missing []errs.Detail
	for _, n := range names {
		if have[n] == "" {
			missing = append(missing, errs.Detail{Where: n, Text: "没有设置"})
		}
	}
	if missing == nil {
		return nil
	}
	return errs.New(errs.Fix, "config", "缺少配置；只想在本机试用请运行 muster up --demo").With(missing...)
}

// poolSize leaves room for several replicas on one database.
const poolSize = 16

// opened is a database that is ready to be worked with: its schema is the one
// this program knows and the seal keys open what is in it.
type opened struct {
	db     *postgres.DB
	sealer *account.Sealer
	owner  string // connection of the owner role, when it is known
}

// tidy brings the planner's statistics up to date after a large load; only the
// owner may, and without its address the server does it by itself in time.
func (o opened) tidy(ctx context.Context) error {
	if o.owner == "" {
		return nil
	}
	return postgres.VacuumAnalyze(ctx, o.owner)
}

func open(ctx context.Context, dsn, owner, ring string) (opened, error) {
	sealer, err := account.NewSealer(ring)
	if err != nil {
		return opened{}, err
	}
	db, err := postgres.Open(ctx, dsn, poolSize)
	if err != nil {
		return opened{}, err
	}
	if err := ready(ctx, db, sealer); err != nil {
		db.Close()
		return opened{}, err
	}
	return opened{db, sealer, owner}, nil
}

func ready(ctx context.Context, db *postgres.DB, sealer *account.Sealer) error {
	if err := db.CheckSchema(ctx); err != nil {
		return err
	}
	return db.CheckCanary(ctx, sealer)
}

// openConfigured is open for commands that work on the configured database, or
// on that of a running or stopped `up` when none is configured.
func openConfigured(ctx context.Context, sh shell, dataDir string) (opened, func(), error) {
	c := readConfig(sh.getenv)
	if c.database != "" {
		if err := c.need("MUSTER_SEAL_KEYS"); err != nil {
			return opened{}, nil, err
		}
		o, err := open(ctx, c.database, c.owner, c.seal)
		return o, func() { o.db.Close() }, err
	}
	m, err := startMachine(ctx, sh, dataDir, machineOptions{join: true})
	if err != nil {
		return opened{}, nil, err
	}
	o, err := open(ctx, m.appDSN, m.ownerDSN, m.ring)
	if err != nil {
		m.stop()
		return opened{}, nil, err
	}
	return o, func() { o.db.Close(); m.stop() }, nil
}
