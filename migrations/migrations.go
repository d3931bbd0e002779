// Package migrations holds the numbered SQL that makes a Muster database.
//
// The files are run in order by the owner role (`muster migrate`); the
// application role never changes the schema. A migration expands; what it makes
// unnecessary is dropped a release later.
package migrations

import "embed"

// FS is the set of migration files, in goose's format.
//
//go:embed *.sql
var FS embed.FS
