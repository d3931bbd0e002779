package tiles

import (
	"strconv"

	"muster/internal/errs"
)

// Tile is a square of the map: zoom and position from the upper left, in Web
// Mercator (EPSG:3857), as XYZ services count.
type Tile struct{ Z, X, Y int }

const (
	steps  = 28 // the whole map has 2^28 steps a side: function tile_x in the database
	extent = 12 // a tile has 2^12 units a side (MVT 2.1 §4.1)
)

// ParseTile reads the three numbers of an address. Above maxZoom, negative or
// outside of the zoom's square they are refused (errs.Fix).
func ParseTile(z, x, y string, maxZoom int) (Tile, error) {
	t := Tile{number(z), number(x), number(y)}
	if t.Z < 0 || t.Z > maxZoom {
		return t, errs.New(errs.Fix, "bad_tile", "瓦片地址不对：这个图层的缩放级别是 0–%d", maxZoom)
	}
	if side := 1 << t.Z; t.X < 0 || t.X >= side || t.Y < 0 || t.Y >= side {
		return t, errs.New(errs.Fix, "bad_tile", "瓦片地址不对：第 %d 级的行列号是 0–%d", t.Z, side-1)
	}
	return t, nil
}

// number reads digits only; -1 for anything else.
func number(digits string) int {
	n, err := strconv.ParseUint(digits, 10, 31)
	if err != nil {
		return -1
	}
	return int(n)
}

// keys is the half-open range of Z-order keys inside the tile.
func (t Tile) keys() (lo, hi int64) {
	shift := 2 * (steps - t.Z)
	n := spread(t.X) | spread(t.Y)<<1
	return n << shift, (n + 1) << shift
}

// spread puts a zero bit before each bit of n.
func spread(n int) (bits int64) {
	for i := range steps {
		bits |= int64(n>>i&1) << (2 * i)
	}
	return bits
}

// origin is the upper left corner in steps; a step is 2^-unit units of the tile.
func (t Tile) origin() (x, y, unit int) {
	return t.X << (steps - t.Z), t.Y << (steps - t.Z), steps - t.Z - extent
}
