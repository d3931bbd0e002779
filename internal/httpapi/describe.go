package httpapi

import (
	"encoding/json"
	"log/slog"

	"muster/internal/clock"
	"muster/internal/postgres"
)

// Describe is the OpenAPI document as every server of this build gives it,
// indented: the page's typed client is generated from it. It needs no database;
// the same source gives the same bytes.
func Describe() ([]byte, error) {
	s := New(Options{DB: new(postgres.DB), Clock: clock.System{}, Log: slog.New(slog.DiscardHandler)})
	doc, err := json.MarshalIndent(s.OpenAPI(), "", "  ")
	return append(doc, '\n'), err
}
