package flowtest

import (
	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/roster"
)

// Officer is an account of the valley as an actor.
func (n *Night) Officer(login string) postgres.Actor {
	n.T.Helper()
	u, err := n.DB.UserByLogin(n.T.Context(), login)
	must(n.T, err)
	return postgres.Actor{ID: u.ID, Name: login}
}

// Scope is what an account may see.
func (n *Night) Scope(login string) account.Scope {
	n.T.Helper()
	p, err := n.DB.Principal(n.T.Context(), n.Officer(login).ID, n.Clock.Now())
	must(n.T, err)
	var s account.Scope
	for _, g := range p.Grants {
		s = s.Add(g.Scope)
	}
	return s
}

// Person is the id of the owner of a phone.
func (n *Night) Person(phone string) uuid.UUID {
	n.T.Helper()
	var id uuid.UUID
	must(n.T, n.DB.Pool().QueryRow(n.T.Context(), "SELECT id FROM person WHERE phone_hash = ANY($1)",
		valley.Sealer.Hashes(account.PhonePurpose, phone)).Scan(&id))
	return id
}

// Passes lets somebody go through a gate now.
func (n *Night) Passes(serial, person string, way roster.Direction) {
	n.T.Helper()
	n.PassesAt(serial, person, way, 0)
}

// PassesAt is Passes with the pass some minutes old: a backlog of the device.
func (n *Night) PassesAt(serial, person string, way roster.Direction, minutesAgo int) {
	n.T.Helper()
	d, err := n.DB.DeviceByKey(n.T.Context(), valley.DeviceKey(serial))
	must(n.T, err)
	at := n.Clock.Now()
	_, err = n.DB.FlushPasses(n.T.Context(), postgres.PassBatch{Device: d, At: at, Passes: []roster.Pass{{DeviceID: d.ID,
		DeviceTime: at.Add(-minutes(minutesAgo)), EventKey: uuid.NewString(), PersonID: valley.ID(person), SiteID: d.SiteID, Direction: way, ReceivedAt: at}}})
	must(n.T, err)
	n.Settle()
}
