// Package killtest ends processes, the database and its disk in the middle of the
// flow, and counts afterwards: every row in a legal state, nothing lost, nothing
// handed over twice but under the same idempotency key.
//
// What is killed is a process of its own: this test binary, run again as a replica
// (replica_test.go). Its way to the database is a wire (wire_test.go) and its way
// to the carrier a door (door_test.go); both see each message, so a kill comes
// exactly before or after a commit, by a signal, not by a clock. The product knows
// nothing of all this. Time is a file that the test writes and every process reads.
package killtest

import (
	"os"
	"testing"

	"muster/internal/postgres/pgtest"
)

func TestMain(m *testing.M) {
	if orders := os.Getenv(ordersEnv); orders != "" {
		replicate(orders)
		return
	}
	pgtest.Main(m)
}
