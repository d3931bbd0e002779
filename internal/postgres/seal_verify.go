package postgres

import (
	"bytes"
	"context"
	"time"

	"muster/internal/account"
	"muster/internal/errs"
)

// SealFinding is one thing that is wrong with a sealed log.
type SealFinding struct {
	Log   string    `json:"log"`
	Day   time.Time `json:"day"`
	N     int       `json:"n"`
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	Code  string    `json:"code"` // changed, removed, inserted, hash, chain, missing
	Row   string    `json:"row"`  // the key of the row, as far as it is still there
}

// SealVerdict is what a log's seals say about it.
type SealVerdict struct {
	Log      string        `json:"log"`
	Seals    int           `json:"seals"`
	Rows     int           `json:"rows"`
	From     time.Time     `json:"from"`     // of the first seal; zero: nothing is sealed
	Until    time.Time     `json:"until"`    // of the last seal: what came later is not sealed yet
	Unsealed int           `json:"unsealed"` // rows since
	Findings []SealFinding `json:"findings"`
}

type sealRow struct {
	Day     time.Time
	N       int
	FromAt  time.Time
	UntilAt time.Time
	Rows    int
	Digests []byte
	Prev    []byte
	Hash    []byte
}

// VerifySeals computes every seal of a log anew from the rows that are there, and
// tells what was changed, removed or inserted since. told is called for each seal
// as it is checked.
func (db *DB) VerifySeals(ctx context.Context, log string, told func(until time.Time)) (SealVerdict, error) {
	v := SealVerdict{Log: log}
	var prev []byte
	for {
		row, err := one[sealRow](ctx, db.pool, `
			SELECT day, n, from_at, until_at, rows, digests, prev, hash FROM seal WHERE log = $1 AND until_at > $2 ORDER BY until_at LIMIT 1`, log, v.Until)
		if errs.Is(err, errs.NotFound) {
			break
		}
		if err != nil {
			return v, err
		}
		if err := db.verifySeal(ctx, &v, row, prev); err != nil {
			return v, err
		}
		prev, v.Seals, v.Rows, v.Until = row.Hash, v.Seals+1, v.Rows+row.Rows, row.UntilAt
		told(row.UntilAt)
	}
	if log == "pass" {
		if err := db.strays(ctx, &v); err != nil {
			return v, err
		}
	}
	l := logNamed(log)
	err := db.pool.QueryRow(ctx, "SELECT count(*) FROM "+l.name+" WHERE "+l.at+" >= $1", v.Until).Scan(&v.Unsealed)
	return v, kindOf(err)
}

// strays finds passes that no seal looks for, because no receipt of a pass of that
// time is believed: somebody took the constraint pass_near away to put them in.
func (db *DB) strays(ctx context.Context, v *SealVerdict) error {
	type stray struct {
		Key string
		At  time.Time
	}
	log := logNamed(v.Log)
	list, err := collect[stray](ctx, db.pool, "SELECT "+text(log.key)+" AS key, received_at AS at FROM pass "+
		"WHERE  NOT (received_at - device_time BETWEEN -$1::interval AND $2::interval) ORDER BY received_at", passAhead, passOld)
	for _, s := range list {
		v.Findings = append(v.Findings, SealFinding{v.Log, utcDay(s.At), 0, s.At.UTC(), s.At.UTC(), "inserted", s.Key})
	}
	return err
}

func (db *DB) verifySeal(ctx context.Context, v *SealVerdict, row sealRow, prev []byte) error {
	log := logNamed(v.Log)
	add := func(code, name string) {
		v.Findings = append(v.Findings, SealFinding{v.Log, row.Day, row.N, row.FromAt, row.UntilAt, code, name})
	}
	link := account.Link{Log: v.Log, Day: row.Day, N: row.N, From: row.FromAt, Until: row.UntilAt, Rows: account.UnpackDigests(row.Digests), Prev: row.Prev}
	if !bytes.Equal(link.Hash(), row.Hash) {
		add("hash", "")
	}
	switch {
	case v.Seals == 0:
		v.From = row.FromAt
	case !bytes.Equal(row.Prev, prev):
		add("chain", "")
	case !row.FromAt.Equal(v.Until):
		add("missing", "")
	}
	found, err := digestsOf(ctx, db.pool, log, row.FromAt, row.UntilAt)
	if err != nil {
		return err
	}
	differs := account.Compare(link.Rows, found)
	if !differs.Any() {
		return nil
	}
	names, err := db.rowNames(ctx, log, row.FromAt, row.UntilAt)
	if err != nil {
		return err
	}
	for code, list := range map[string][]account.RowDigest{"changed": differs.Changed, "inserted": differs.Inserted, "removed": differs.Removed} {
		for _, d := range list {
			add(code, names[d])
		}
	}
	return nil
}

// rowNames are the keys of rows by their digests.
func (db *DB) rowNames(ctx context.Context, log sealedLog, from, until time.Time) (map[account.RowDigest]string, error) {
	type named struct{ Key, Content string }
	sql, args := log.receivedSQL(text(log.key)+" AS key, "+text(log.content)+" AS content", from, until)
	list, err := collect[named](ctx, db.pool, sql, args...)
	names := map[account.RowDigest]string{}
	for _, n := range list {
		names[digestOf(n.Key, n.Content)] = n.Key
	}
	return names, err
}

// AnchoredHeads are the last seals of each day of a log that are said to be kept
// outside, oldest first.
func (db *DB) AnchoredHeads(ctx context.Context, log string) ([]Head, error) {
	return collect[Head](ctx, db.pool, `
		SELECT DISTINCT ON (day) log, day, n, until_at, rows, hash FROM seal WHERE log = $1 AND anchored_at IS NOT NULL ORDER BY day, n DESC`, log)
}
