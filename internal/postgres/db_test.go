package postgres_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"muster/internal/postgres"
	"muster/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestGeometriesComeBackAsTheyWereSent(t *testing.T) {
	db := pgtest.New(t)
	ring := orb.Ring{{103, 30}, {104, 30}, {104, 31}, {103, 30}}
	for _, want := range []orb.Geometry{
		orb.Point{103.5, 30.25},
		orb.LineString{{103, 30}, {103.5, 30.5}},
		orb.Polygon{ring, {{103.8, 30.3}, {103.9, 30.3}, {103.9, 30.4}, {103.8, 30.3}}},
		orb.MultiPolygon{{ring}, {{{105, 30}, {106, 30}, {106, 31}, {105, 30}}}},
	} {
		var got orb.Geometry
		var srid int
		row := db.Pool().QueryRow(t.Context(), "SELECT g, ST_SRID(g) FROM (SELECT $1::geometry AS g) x", want)
		if err := row.Scan(&got, &srid); err != nil {
			t.Fatalf("%s: %v", want.GeoJSONType(), err)
		}
		if !orb.Equal(got, want) || srid != 4326 {
			t.Errorf("%s came back as %v in %d", want.GeoJSONType(), got, srid)
		}
	}
}

func TestMigratingTwiceDoesNothingTheSecondTime(t *testing.T) {
	d := pgtest.Clone(t)
	n, err := postgres.Migrate(t.Context(), d.OwnerDSN)
	if err != nil || n != 0 {
		t.Fatalf("second migration applied %d: %v", n, err)
	}
	db := pgtest.New(t)
	if err := db.CheckSchema(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// The application role works on rows; what is append-only stays as it was
// written, and the schema is out of its reach.
func TestTheApplicationRoleCannotRewriteThePast(t *testing.T) {
	db := pgtest.New(t)
	for _, sql := range []string{
		"UPDATE audit SET act = 'x'", "DELETE FROM audit", "UPDATE pass SET direction = 'in'", "DELETE FROM pass",
		"DELETE FROM history", "UPDATE revision SET note = ''", "DELETE FROM target", "UPDATE target SET measure = 'read'",
		"UPDATE raw_message SET body = ''", "DELETE FROM raw_message", "UPDATE policy SET number = 2", "DELETE FROM decision",
		"DELETE FROM site", "DELETE FROM person", "DELETE FROM warning", "DELETE FROM response", "CREATE TABLE mine (a int)", "DROP TABLE audit", "UPDATE pass_quarantine SET reason = ''",
	} {
		_, err := db.Pool().Exec(t.Context(), sql, pgx.QueryExecModeSimpleProtocol)
		if err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("%s: want permission denied, got %v", sql, err)
		}
	}
}

// Even the owner is stopped by the trigger, so that a mistake in a migration or
// at a console is loud.
func TestTheOwnerIsStoppedByTheTrigger(t *testing.T) {
	d := pgtest.Clone(t)
	conn, err := pgx.Connect(t.Context(), d.OwnerDSN)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	const line = `INSERT INTO audit (id, at, actor, act, noun, noun_id) VALUES (gen_random_uuid(), '2026-07-01', 'x', 'y', 'z', '')`
	if _, err := conn.Exec(t.Context(), line); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), "DELETE FROM audit"); err == nil || !strings.Contains(err.Error(), "append-only") {
		t.Errorf("the owner deleted a line of the audit trail: %v", err)
	}
}
