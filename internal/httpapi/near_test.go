package httpapi_test

import (
	"testing"

	"muster/internal/postgres/pgtest/valley"
)

type around2 struct {
	Targets []target
	Empty   struct {
		Count int
		Items []struct{ Name string }
	}
	Near *struct {
		Count, Certain, Expected int
		Items                    []struct {
			Name      string
			DistanceM int `json:"distance_m"`
		}
	}
}

// The two lists that keep an officer from drawing past people: who is just
// outside, and where he warns nobody.
func TestWhoIsJustOutsideAndWhereNobodyIs(t *testing.T) {
	w := newWorld(t)
	w.inside(valley.HomeGate, 0, 1)
	ask := func(o object) around2 {
		return read[around2](w.as("yaan").post("/preview", but(question("orange", around(valley.Tunnel, 500)), o)))
	}
	got := ask(object{})
	if got.Near.Count != 1 || got.Near.Items[0].Name != valley.Home || got.Near.Certain != 2 || got.Near.Expected != 6 {
		t.Fatalf("near: %+v", got.Near)
	}
	// Home is 2.95 km from the tunnel, half a kilometre of it inside the circle.
	if d := got.Near.Items[0].DistanceM; d < 2430 || d > 2480 {
		t.Errorf("distance %d m", d)
	}
	if got.Empty.Count != 0 { // somebody has his shift in the tunnel
		t.Errorf("empty: %+v", got.Empty)
	}
	if far := ask(object{"near_km": 2}); far.Near.Count != 0 {
		t.Errorf("2 km: %+v", far.Near)
	}
	if off := ask(object{"near_km": 0}); off.Near.Count != 0 || len(off.Targets) != len(got.Targets) {
		t.Errorf("off: %+v", off.Near)
	}
	slope := read[around2](w.as("yaan").post("/preview", question("orange", around(valley.Slope, 100))))
	if slope.Empty.Count != 1 || slope.Empty.Items[0].Name != valley.Slope {
		t.Errorf("nobody works at the slope: %+v", slope.Empty)
	}
	for _, n := range slope.Near.Items {
		if n.Name == valley.Slope {
			t.Error("what is under the area is not near it")
		}
	}
	// Whose sites lie outside of one's territory is nobody's to see.
	if county := read[around2](w.as("hanyuan").post("/preview", question("orange", around(valley.Tunnel, 500)))); county.Near.Count != 0 {
		t.Errorf("%+v", county.Near)
	}
}
