package flowtest

import (
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Ledger writes the ledger in words, for a test that wants to know why.
func (n *Night) Ledger() string {
	n.T.Helper()
	rows, err := n.DB.Pool().Query(n.T.Context(), `
		SELECT to_char(created_at, 'HH24:MI:SS') || ' ' || kind || ' rung ' || rung || ' round ' || round || ' ' || channel || ' ' || mode || ': '
		       || state || ' ' || reason_code || ' ' || reason FROM notice ORDER BY created_at, rung, round, channel`)
	must(n.T, err)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	must(n.T, err)
	return fmt.Sprintf("%d notices\n%s", len(lines), strings.Join(lines, "\n"))
}
