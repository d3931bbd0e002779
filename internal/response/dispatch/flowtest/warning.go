package flowtest

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/geo"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
	"muster/internal/warning"
)

// Warning is what a test publishes.
type Warning struct {
	Mode    string // actual unless said
	Hazard  warning.Hazard
	Level   warning.Level
	Regions []string
	Hours   int
}

// In is the warning at another level and in other regions.
func (w Warning) In(l warning.Level, regions ...geo.Region) Warning {
	w.Level, w.Regions = l, nil
	for _, r := range regions {
		w.Regions = append(w.Regions, string(r))
	}
	return w
}

// RedFlood is a red flash flood over the county of the home and the tunnel.
var RedFlood = Warning{Hazard: warning.FlashFlood, Level: warning.Red, Regions: []string{string(valley.Shimian)}, Hours: 12}

func (w Warning) content(at time.Time) postgres.Content {
	mode := w.Mode
	if mode == "" {
		mode = "actual"
	}
	c := postgres.Content{Kind: "instruction", Mode: mode, Hazard: w.Hazard, Level: w.Level, Title: "测试用预警", Basis: "应急预案",
		Expires: at.Add(time.Duration(w.Hours) * time.Hour)}
	for _, r := range w.Regions {
		c.Areas = append(c.Areas, postgres.Area{Level: w.Level, Basis: warning.BasisGeocode, Certain: true, Regions: []string{r}})
	}
	return c
}

// Publish drafts and publishes a warning in the name of the city's authority.
func (n *Night) Publish(w Warning) uuid.UUID {
	n.T.Helper()
	at := n.Clock.Now()
	scope := account.Everywhere()
	id, err := n.DB.CreateDraft(n.T.Context(), valley.ID("雅安局"), w.content(at), n.Officer("yaan"), postgres.Once{}, at)
	must(n.T, err)
	version := n.version(id)
	_, err = n.DB.Publish(n.T.Context(), scope, id, version, n.publication(), at)
	must(n.T, err)
	n.Settle()
	return id
}

func (n *Night) publication() postgres.Publication {
	return postgres.Publication{Office: valley.ID("雅安局"), Leader: true, By: n.Officer("yaan-leader")}
}

// Revise replaces the content of a warning in force.
func (n *Night) Revise(id uuid.UUID, w Warning) {
	n.T.Helper()
	must(n.T, n.DB.Revise(n.T.Context(), account.Everywhere(), id, n.version(id), w.content(n.Clock.Now()), n.publication(), n.Clock.Now()))
	n.Settle()
}

// Lift lifts a warning.
func (n *Night) Lift(id uuid.UUID) {
	n.T.Helper()
	must(n.T, n.DB.Lift(n.T.Context(), account.Everywhere(), id, n.version(id), "雨停", n.publication(), n.Clock.Now()))
	n.Settle()
}

func (n *Night) version(id uuid.UUID) int {
	var v int
	must(n.T, n.DB.Pool().QueryRow(n.T.Context(), "SELECT version FROM warning WHERE id = $1", id).Scan(&v))
	return v
}

// Thread is the id of a site's thread under a warning.
func (n *Night) Thread(warningID uuid.UUID, site string) uuid.UUID {
	n.T.Helper()
	var id uuid.UUID
	must(n.T, n.DB.Pool().QueryRow(n.T.Context(), "SELECT id FROM response WHERE warning_id = $1 AND site_id = $2", warningID, valley.ID(site)).Scan(&id))
	return id
}

// Is asserts where a site stands.
func (n *Night) Is(warningID uuid.UUID, site string, want response.State) {
	n.T.Helper()
	var got response.State
	must(n.T, n.DB.Pool().QueryRow(n.T.Context(), "SELECT state FROM response WHERE warning_id = $1 AND site_id = $2", warningID, valley.ID(site)).Scan(&got))
	if got != want {
		n.T.Errorf("%s is %q (%s), want %q", site, got, got.Label(), want)
	}
}

// Says lets an account say something about a site by its button, within its
// scope.
func (n *Night) Says(login string, warningID uuid.UUID, site string, a postgres.Answer) error {
	n.T.Helper()
	a.Threads, a.By = []uuid.UUID{n.Thread(warningID, site)}, n.Officer(login)
	if a.EventID == uuid.Nil {
		a.EventID = uuid.New()
	}
	if a.At.IsZero() {
		a.At = n.Clock.Now()
	}
	_, err := n.DB.Give(n.T.Context(), n.Scope(login), a, n.Clock.Now())
	n.Settle()
	return err
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
