package tiles

// Keys is Tile.keys, for the tests.
func Keys(t Tile) (lo, hi int64) { return t.keys() }

// Hilbert is hilbert, for the tests.
func Hilbert(t Tile) uint64 { return hilbert(t) }

// OpenArchive opens an archive and gives the way to read its tiles.
func OpenArchive(path string) (func(Tile) ([]byte, error), error) {
	a, err := openArchive(path)
	if err != nil {
		return nil, err
	}
	return a.tile, nil
}
