package httpapi

import (
	"encoding/base64"
	"encoding/json"
	"time"

	"muster/internal/errs"
	"muster/internal/postgres"
)

// readMark is where the next page of a list by time begins; an empty cursor is
// the newest of all.
func readMark(cursor string, at time.Time) (postgres.Mark, error) {
	m := postgres.Mark{At: at.Add(time.Minute)}
	if cursor == "" {
		return m, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err != nil {
		return m, errs.New(errs.Fix, "cursor", "翻页标记不对，请从第一页开始")
	}
	return m, nil
}

func writeMark(m postgres.Mark) *string {
	b, err := json.Marshal(m)
	if err != nil {
		return nil // a time beyond the year 9999
	}
	cursor := base64.RawURLEncoding.EncodeToString(b)
	return &cursor
}
