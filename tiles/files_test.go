package tiles_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"muster/internal/errs"
	"muster/tiles"
)

// stored is a tile on its way into an archive.
type stored struct {
	id   uint64
	body string
}

// pmtiles writes an archive as the specification (version 3) has it, with leaf
// directories of a few entries each. packing: 1 none, 2 gzip.
func pmtiles(list []stored, packing uint8, perLeaf int) []byte {
	slices.SortFunc(list, func(a, b stored) int { return int(int64(a.id) - int64(b.id)) })
	var data, leaves bytes.Buffer
	type entry struct{ id, run, length, offset uint64 }
	var root []entry
	for part := range slices.Chunk(list, perLeaf) {
		var leaf []entry
		for _, t := range part {
			leaf = append(leaf, entry{t.id, 1, uint64(len(t.body)), uint64(data.Len())})
			data.WriteString(t.body)
		}
		offset := leaves.Len()
		leaves.Write(packed(directory(leaf, func(e entry) [4]uint64 { return [4]uint64{e.id, e.run, e.length, e.offset} }), packing))
		root = append(root, entry{part[0].id, 0, uint64(leaves.Len() - offset), uint64(offset)})
	}
	top := packed(directory(root, func(e entry) [4]uint64 { return [4]uint64{e.id, e.run, e.length, e.offset} }), packing)
	meta := packed([]byte(`{"attribution":"© 示例","vector_layers":[{"id":"roads"}]}`), packing)
	var out bytes.Buffer
	out.WriteString("PMTiles\x03")
	at := uint64(127)
	for _, n := range []int{len(top), len(meta), leaves.Len(), data.Len()} {
		_ = binary.Write(&out, binary.LittleEndian, []uint64{at, uint64(n)})
		at += uint64(n)
	}
	_ = binary.Write(&out, binary.LittleEndian, []uint64{uint64(len(list)), uint64(len(list)), uint64(len(list))})
	out.Write([]byte{1, packing, packing, 1, 0, 14})
	out.Write(make([]byte, 127-out.Len()))
	for _, part := range [][]byte{top, meta, leaves.Bytes(), data.Bytes()} {
		out.Write(part)
	}
	return out.Bytes()
}

func directory[E any](list []E, of func(E) [4]uint64) []byte {
	b := binary.AppendUvarint(nil, uint64(len(list)))
	last := uint64(0)
	for _, e := range list {
		b = binary.AppendUvarint(b, of(e)[0]-last)
		last = of(e)[0]
	}
	for column := 1; column <= 2; column++ {
		for _, e := range list {
			b = binary.AppendUvarint(b, of(e)[column])
		}
	}
	for i, e := range list {
		if i > 0 && of(e)[3] == of(list[i-1])[3]+of(list[i-1])[2] {
			b = binary.AppendUvarint(b, 0)
		} else {
			b = binary.AppendUvarint(b, of(e)[3]+1)
		}
	}
	return b
}

func packed(b []byte, packing uint8) []byte {
	if packing == 1 {
		return b
	}
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write(b)
	_ = z.Close()
	return out.Bytes()
}

// The numbers of the specification's examples: the curve begins at the upper
// left of each zoom and is unbroken: neighbours in number are neighbours in place.
func TestNumbersOfTilesFollowTheCurve(t *testing.T) {
	for tile, want := range map[tiles.Tile]uint64{{}: 0, {Z: 1}: 1, {Z: 1, Y: 1}: 2, {Z: 1, X: 1, Y: 1}: 3, {Z: 1, X: 1}: 4, {Z: 2}: 5,
		{Z: 12, X: 3423, Y: 1763}: 19078479} {
		if got := tiles.Hilbert(tile); got != want {
			t.Errorf("%v is %d, not %d", tile, got, want)
		}
	}
	for z := range 7 {
		places := map[uint64]tiles.Tile{}
		first := tiles.Hilbert(tiles.Tile{Z: z})
		for x := range 1 << z {
			for y := range 1 << z {
				places[tiles.Hilbert(tiles.Tile{Z: z, X: x, Y: y})] = tiles.Tile{Z: z, X: x, Y: y}
			}
		}
		for i := range uint64(1)<<(2*z) - 1 {
			a, b := places[first+i], places[first+i+1]
			if dx, dy := a.X-b.X, a.Y-b.Y; dx*dx+dy*dy != 1 {
				t.Fatalf("zoom %d: from %v to %v", z, a, b)
			}
		}
	}
}

func TestWhateverIsInAnArchiveIsFound(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		var list []stored
		bodies := map[tiles.Tile]string{}
		for range rapid.IntRange(1, 40).Draw(rt, "tiles") {
			z := rapid.IntRange(0, 14).Draw(rt, "z")
			tile := tiles.Tile{Z: z, X: rapid.IntRange(0, 1<<z-1).Draw(rt, "x"), Y: rapid.IntRange(0, 1<<z-1).Draw(rt, "y")}
			if bodies[tile] == "" {
				bodies[tile] = fmt.Sprint(tile)
				list = append(list, stored{tiles.Hilbert(tile), bodies[tile]})
			}
		}
		archive := pmtiles(list, uint8(rapid.IntRange(1, 2).Draw(rt, "packing")), rapid.IntRange(1, 9).Draw(rt, "per leaf"))
		path := filepath.Join(dir, "a.pmtiles")
		if err := os.WriteFile(path, archive, 0o600); err != nil {
			rt.Fatal(err)
		}
		read, err := tiles.OpenArchive(path)
		if err != nil {
			rt.Fatal(err)
		}
		for tile, want := range bodies {
			if got, err := read(tile); err != nil || string(got) != want {
				rt.Fatalf("%v: %q %v", tile, got, err)
			}
		}
		absent := tiles.Tile{Z: 13, X: 8191, Y: 8191}
		if got, err := read(absent); err != nil || string(got) != bodies[absent] {
			rt.Fatalf("what is not there: %q %v", got, err)
		}
	})
}

// A file that is cut off or full of nonsense is an error, never a panic and
// never gigabytes.
func TestBrokenArchives(t *testing.T) {
	dir := t.TempDir()
	whole := pmtiles([]stored{{0, "a"}, {1, "b"}, {5, "c"}}, 2, 2)
	rapid.Check(t, func(rt *rapid.T) {
		broken := slices.Clone(whole[:rapid.IntRange(0, len(whole)).Draw(rt, "length")])
		for range rapid.IntRange(0, 6).Draw(rt, "bytes") {
			if len(broken) > 0 {
				broken[rapid.IntRange(0, len(broken)-1).Draw(rt, "at")] = byte(rapid.IntRange(0, 255).Draw(rt, "byte"))
			}
		}
		path := filepath.Join(dir, "broken.pmtiles")
		if err := os.WriteFile(path, broken, 0o600); err != nil {
			rt.Fatal(err)
		}
		read, err := tiles.OpenArchive(path)
		if err != nil {
			return
		}
		for z := range 3 {
			if body, err := read(tiles.Tile{Z: z}); err == nil && len(body) > len(broken) {
				rt.Fatalf("%d bytes out of %d", len(body), len(broken))
			}
		}
	})
}

// What the operator put into the directory becomes sources of the style; what
// cannot be read is left out and said.
func TestFilesOfTheOperator(t *testing.T) {
	dir, log := t.TempDir(), &bytes.Buffer{}
	rivers := `{"type":"FeatureCollection","attribution":"© 示例水利","features":[]}`
	home := tileAt(10, 102.36, 29.23)
	for name, body := range map[string]string{
		"rivers.geojson": rivers, "notes.txt": "x", "broken.geojson": "{", "point.geojson": `{"type":"Point"}`, "bad.pmtiles": "PMTiles\x03",
		"base.pmtiles": string(pmtiles([]stored{{tiles.Hilbert(home), string(packed([]byte("tile"), 2))}}, 2, 2)), "../escape.geojson": rivers,
	} {
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(name)), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w := newWorld(t, tiles.Options{Dir: dir, Log: slog.New(slog.NewTextHandler(log, nil))})
	answer, err := w.get("province", "/tiles/style.json")
	w.must(err)
	var style struct {
		Sources map[string]struct{ Type, Attribution string }
	}
	w.must(json.Unmarshal(answer.Body.Bytes(), &style))
	if s := style.Sources["file-rivers"]; s.Type != "geojson" || s.Attribution != "© 示例水利" {
		t.Errorf("rivers: %+v", s)
	}
	if s := style.Sources["file-base"]; s.Type != "vector" || s.Attribution != "© 示例" {
		t.Errorf("base: %+v", s)
	}
	for _, left := range []string{"broken.geojson", "point.geojson", "bad.pmtiles"} {
		if _, there := style.Sources["file-"+strings.SplitN(left, ".", 2)[0]]; there || !strings.Contains(log.String(), left) {
			t.Errorf("%s is not left out and said: %s", left, log)
		}
	}
	address := fmt.Sprintf("/tiles/files/base/10/%d/%d", home.X, home.Y)
	answer, err = w.get("province", address, "Accept-Encoding", "gzip")
	w.must(err)
	if answer.Code != http.StatusOK || answer.Header().Get("Content-Encoding") != "gzip" {
		t.Errorf("packed: %d %v", answer.Code, answer.Header())
	}
	answer, err = w.get("province", address)
	w.must(err)
	if answer.Body.String() != "tile" {
		t.Errorf("unpacked: %q", answer.Body)
	}
	answer, err = w.get("province", "/tiles/files/rivers.geojson")
	w.must(err)
	if answer.Body.String() != rivers {
		t.Errorf("the document: %q", answer.Body)
	}
	for bad, kind := range map[string]errs.Kind{"/tiles/files/rivers/1/1/1": errs.NotFound, "/tiles/files/base.geojson": errs.NotFound,
		"/tiles/files/notes.txt": errs.NotFound, "/tiles/files/base/15/1/1": errs.Fix, "/tiles/files/base/x/1/1": errs.Fix} {
		if _, err := w.get("province", bad); errs.KindOf(err) != kind {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
