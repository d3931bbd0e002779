package flowtest

import (
	"time"

	"github.com/jackc/pgx/v5"
)

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

// Count is the one number that a query gives.
func (n *Night) Count(sql string, args ...any) int {
	n.T.Helper()
	var count int
	must(n.T, n.DB.Pool().QueryRow(n.T.Context(), sql, args...).Scan(&count))
	return count
}

// Do changes the world behind the product's back, as the owner of the tables: a
// roster that is empty, a site at risk.
func (n *Night) Do(sql string, args ...any) {
	n.T.Helper()
	conn, err := pgx.Connect(n.T.Context(), n.Database.OwnerDSN)
	must(n.T, err)
	defer conn.Close(n.T.Context())
	_, err = conn.Exec(n.T.Context(), sql, args...)
	must(n.T, err)
}

// Events counts what happened to a site under a warning.
func (n *Night) Events(warningID any, site any, event string) int {
	n.T.Helper()
	return n.Count(`SELECT count(*) FROM response_event e JOIN response r ON r.id = e.response_id
		WHERE r.warning_id = $1 AND r.site_id = $2 AND e.event = $3`, warningID, site, event)
}
