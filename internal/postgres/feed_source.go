package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
)

// FeedSource is a bureau's feed (数据源) that may push documents.
type FeedSource struct {
	ID         uuid.UUID
	Name       string
	Title      string
	Aggregator bool // trusted to pass on the messages of other senders
}

// FeedByKey finds the feed that a key belongs to; errs.SignIn when none does.
func (db *DB) FeedByKey(ctx context.Context, key string) (FeedSource, error) {
	f, err := one[FeedSource](ctx, db.pool,
		"SELECT id, name, title, aggregator FROM feed_source WHERE key_hash = $1 AND disabled_at IS NULL", account.KeyHash(key))
	if errs.Is(err, errs.NotFound) {
		return f, errs.New(errs.SignIn, "feed_key", "数据源密钥不对，或已停用")
	}
	return f, err
}

// CreateFeed makes a feed, or gives the one of that name a new key.
func (db *DB) CreateFeed(ctx context.Context, name, title, key string, aggregator bool, at time.Time) error {
	_, err := db.pool.Exec(ctx, `
		INSERT INTO feed_source (id, name, title, key_hash, aggregator, recorded_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (name) DO UPDATE SET key_hash = excluded.key_hash, title = excluded.title, aggregator = excluded.aggregator`,
		newID(), name, title, account.KeyHash(key), aggregator, at)
	return kindOf(err)
}

// TrustsSource says whether a source is an aggregator that passes on the
// messages of other senders. Sources without a row (the command line) are not.
func (db *DB) TrustsSource(ctx context.Context, name string) (bool, error) {
	var trusted bool
	err := db.pool.QueryRow(ctx, "SELECT coalesce((SELECT aggregator FROM feed_source WHERE name = $1), false)", name).Scan(&trusted)
	return trusted, kindOf(err)
}

// FeedHeard is a feed that may push, and when it was last heard.
type FeedHeard struct {
	Name    string
	Title   string
	HeardAt *time.Time
}

// FeedsInUse lists the feeds that may push, by name.
func (db *DB) FeedsInUse(ctx context.Context) ([]FeedHeard, error) {
	return collect[FeedHeard](ctx, db.pool, `SELECT name, title, heard_at FROM feed_source WHERE disabled_at IS NULL ORDER BY name COLLATE "C"`)
}
