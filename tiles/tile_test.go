package tiles_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
	"pgregory.net/rapid"

	"muster/internal/errs"
	"muster/internal/postgres/pgtest"
	"muster/tiles"
)

func tileAt(z int, lon, lat float64) tiles.Tile {
	t := maptile.At(orb.Point{lon, lat}, maptile.Zoom(z))
	return tiles.Tile{Z: z, X: int(t.X), Y: int(t.Y)}
}

func TestAddressesThatAreNoTile(t *testing.T) {
	for _, c := range []struct{ name, z, x, y, says string }{
		{"letters", "a", "0", "0", "缩放级别"},
		{"a sign", "+3", "0", "0", "缩放级别"},
		{"too deep", "17", "0", "0", "0–16"},
		{"beyond the last column", "3", "8", "0", "0–7"},
		{"beyond the last row", "0", "0", "1", "0–0"},
		{"negative", "3", "-1", "0", "行列号"},
		{"larger than any number", "3", "99999999999999999999", "0", "行列号"},
		{"empty", "", "", "", "缩放级别"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := tiles.ParseTile(c.z, c.x, c.y, 16)
			if !errs.Is(err, errs.Fix) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s/%s/%s: %v", c.z, c.x, c.y, err)
			}
		})
	}
	if got, err := tiles.ParseTile("12", "3211", "1680", 16); err != nil || got != (tiles.Tile{Z: 12, X: 3211, Y: 1680}) {
		t.Error(got, err)
	}
}

// The database's steps and keys put every position into the tile that everybody
// else finds it in, and into no other.
func TestKeysAreTiles(t *testing.T) {
	db := pgtest.New(t)
	rapid.Check(t, func(rt *rapid.T) {
		lon, lat := rapid.Float64Range(73, 136).Draw(rt, "lon"), rapid.Float64Range(3, 54).Draw(rt, "lat")
		z := rapid.IntRange(0, 16).Draw(rt, "z")
		here := tileAt(z, lon, lat)
		beside := tiles.Tile{Z: z, X: here.X ^ rapid.IntRange(0, 1).Draw(rt, "dx"), Y: here.Y ^ rapid.IntRange(0, 1).Draw(rt, "dy")}
		if z == 0 {
			beside = here
		}
		lo, hi := tiles.Keys(here)
		other, until := tiles.Keys(beside)
		var inside, elsewhere bool
		if err := db.Pool().QueryRow(t.Context(), `SELECT k >= $3 AND k < $4, k >= $5 AND k < $6
			FROM (SELECT tile_key(tile_x($1), tile_y($2)) AS k) p`, lon, lat, lo, hi, other, until).Scan(&inside, &elsewhere); err != nil {
			rt.Fatal(err)
		}
		if !inside || elsewhere != (beside == here) {
			rt.Fatal(fmt.Sprint(here, beside, inside, elsewhere))
		}
	})
}
