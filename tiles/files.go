package tiles

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// file is something the operator put into the tiles directory: GeoJSON, held in
// memory, or PMTiles, read where they lie.
type file struct {
	name        string
	attribution string
	geojson     []byte
	tiles       *archive
}

const maxGeoJSON = 64 << 20 // larger ones belong into PMTiles

var fileName = regexp.MustCompile(`^([A-Za-z0-9_-]{1,40})\.(geojson|pmtiles)$`)

// readFiles reads the directory once. What cannot be read is left out.
func readFiles(dir string, log *slog.Logger) []file {
	if dir == "" {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		log.Warn("tiles directory not readable", "err", err)
	}
	var list []file
	for _, e := range entries {
		m := fileName.FindStringSubmatch(e.Name())
		if m == nil {
			continue
		}
		if slices.ContainsFunc(list, func(f file) bool { return f.name == m[1] }) {
			log.Warn("two map files of one name, the second is left out", "file", e.Name())
			continue
		}
		f, err := readFile(m[1], filepath.Join(dir, e.Name()))
		if err != nil {
			log.Warn("map file not readable, left out", "file", e.Name(), "err", err)
			continue
		}
		list = append(list, f)
	}
	return list
}

func readFile(name, path string) (file, error) {
	if strings.HasSuffix(path, ".pmtiles") {
		a, err := openArchive(path)
		if err != nil {
			return file{}, err
		}
		return file{name: name, attribution: a.attribution, tiles: a}, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return file{}, err
	}
	if info.Size() > maxGeoJSON {
		return file{}, errors.New("larger than 64 MB: make it PMTiles")
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return file{}, err
	}
	var doc struct{ Type, Attribution string }
	if err := json.Unmarshal(b, &doc); err != nil {
		return file{}, err
	}
	if doc.Type != "FeatureCollection" {
		return file{}, errors.New("not a FeatureCollection")
	}
	return file{name: name, attribution: doc.Attribution, geojson: b}, nil
}

// serveFile answers files/NAME.geojson and files/NAME/{z}/{x}/{y}.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request, path []string) error {
	name, isDocument := strings.CutSuffix(path[0], ".geojson")
	i := slices.IndexFunc(s.files, func(f file) bool { return f.name == name && (f.tiles == nil) == isDocument })
	switch {
	case i < 0:
		return noTile()
	case isDocument && len(path) == 1:
		return send(w, r, content{kind: "application/geo+json", body: s.files[i].geojson, caching: askAgain})
	case isDocument || len(path) != 4:
		return noTile()
	}
	return s.files[i].tiles.serve(w, r, path[1:])
}

func (a *archive) serve(w http.ResponseWriter, r *http.Request, zxy []string) error {
	t, err := ParseTile(zxy[0], zxy[1], zxy[2], int(a.header.MaxZoom))
	if err != nil {
		return err
	}
	body, err := a.tile(t)
	if err != nil {
		return err
	}
	return send(w, r, content{kind: a.kind, body: body, packed: a.header.TilePacking == gzipped, caching: oneHour})
}
