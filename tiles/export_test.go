package tiles

// Keys is Tile.keys, for the tests.
func Keys(t Tile) (lo, hi int64) { return t.keys() }
