package app

import (
	"net/http"

	"muster/internal/app/door"
	"muster/internal/roster/gate"
)

// gates lets devices in by their own protocols.
func (s *service) gates() http.Handler {
	d := door.Door{DB: s.db, Sealer: s.sealer, Clock: s.clock}
	return gate.Handler(d, gate.Options{Clock: s.clock, Log: s.log, Mask: d.Mask})
}
