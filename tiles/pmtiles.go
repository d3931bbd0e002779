package tiles

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// archive is a PMTiles file (specification version 3): a directory of tiles in
// the order of a Hilbert curve, read where it lies.
type archive struct {
	f           *os.File
	size        int64
	header      pmHeader
	root        []pmEntry
	kind        string // media type of the tiles
	attribution string
	layers      []string // source layers of vector tiles
}

// pmHeader is the first 127 bytes, little-endian (PMTiles 3, §3).
type pmHeader struct {
	Magic                                          [7]byte
	Version                                        uint8
	RootOffset, RootLength, MetaOffset, MetaLength uint64
	LeafOffset, LeafLength, DataOffset, DataLength uint64
	Addressed, Entries, Contents                   uint64
	Clustered, InnerPacking, TilePacking, TileType uint8
	MinZoom, MaxZoom                               uint8
	MinLon, MinLat, MaxLon, MaxLat                 int32 // degrees × 10^7
	CenterZoom                                     uint8
	CenterLon, CenterLat                           int32
}

// pmEntry is a run of tiles with one content; run 0: a directory further down.
type pmEntry struct{ id, run, length, offset uint64 }

const (
	notPacked    = 1
	gzipped      = 2
	maxDirectory = 16 << 20 // of a directory and of the metadata, unpacked
	maxStored    = 8 << 20  // of one tile
	maxDepth     = 4
)

var pmTypes = map[uint8]string{1: mvtType, 2: "image/png", 3: "image/jpeg", 4: "image/webp"}

var errArchive = errors.New("not a readable PMTiles archive")

func openArchive(path string) (*archive, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	a := &archive{f: f}
	if err := a.begin(); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("%w: %w", errArchive, err)
	}
	return a, nil
}

func (a *archive) begin() error {
	info, err := a.f.Stat()
	if err != nil {
		return err
	}
	a.size = info.Size()
	if err := binary.Read(io.NewSectionReader(a.f, 0, a.size), binary.LittleEndian, &a.header); err != nil {
		return err
	}
	h := a.header
	a.kind = pmTypes[h.TileType]
	switch {
	case string(h.Magic[:]) != "PMTiles" || h.Version != 3:
		return errors.New("another format or version")
	case a.kind == "":
		return errors.New("tiles of an unknown kind")
	case h.InnerPacking != notPacked && h.InnerPacking != gzipped, h.TilePacking != notPacked && h.TilePacking != gzipped:
		return errors.New("packed otherwise than by gzip")
	case h.MinZoom > h.MaxZoom || h.MaxZoom > 24:
		return errors.New("impossible zooms")
	}
	if a.root, err = a.directory(h.RootOffset, h.RootLength); err != nil {
		return err
	}
	return a.metadata()
}

func (a *archive) metadata() error {
	b, err := a.inner(a.header.MetaOffset, a.header.MetaLength)
	if err != nil || len(b) == 0 {
		return err
	}
	var m struct {
		Attribution  string `json:"attribution"`
		VectorLayers []struct {
			ID string `json:"id"`
		} `json:"vector_layers"`
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return err
	}
	a.attribution = m.Attribution
	for _, l := range m.VectorLayers {
		a.layers = append(a.layers, l.ID)
	}
	return nil
}

// read takes a part of the file that must lie in it.
func (a *archive) read(offset, length, most uint64) ([]byte, error) {
	if length > most || offset > uint64(a.size) || length > uint64(a.size)-offset {
		return nil, errors.New("an address outside of the file")
	}
	b := make([]byte, length)
	_, err := a.f.ReadAt(b, int64(offset))
	return b, err
}

// inner reads a directory or the metadata, unpacked.
func (a *archive) inner(offset, length uint64) ([]byte, error) {
	b, err := a.read(offset, length, maxDirectory)
	if err != nil || a.header.InnerPacking == notPacked {
		return b, err
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	if b, err = io.ReadAll(io.LimitReader(z, maxDirectory+1)); err == nil && len(b) > maxDirectory {
		err = errors.New("too large a directory")
	}
	return b, err
}

// directory reads the columns of a directory (PMTiles 3, §4.2): how many, ids as
// differences, runs, lengths, and offsets, of which 0 is "right behind the last".
func (a *archive) directory(offset, length uint64) ([]pmEntry, error) {
	b, err := a.inner(offset, length)
	if err != nil {
		return nil, err
	}
	r := bytes.NewReader(b)
	n, err := binary.ReadUvarint(r)
	if err != nil || n > uint64(len(b)) {
		return nil, errors.New("a broken directory")
	}
	list := make([]pmEntry, n)
	var id uint64
	for _, read := range []func(e *pmEntry, i int, v uint64){
		func(e *pmEntry, _ int, v uint64) { id += v; e.id = id },
		func(e *pmEntry, _ int, v uint64) { e.run = v },
		func(e *pmEntry, _ int, v uint64) { e.length = v },
		func(e *pmEntry, i int, v uint64) {
			if e.offset = v - 1; v == 0 && i > 0 {
				e.offset = list[i-1].offset + list[i-1].length
			}
		},
	} {
		for i := range list {
			v, err := binary.ReadUvarint(r)
			if err != nil {
				return nil, errors.New("a broken directory")
			}
			read(&list[i], i, v)
		}
	}
	return list, nil
}

// tile reads a tile as it is stored; nil where there is none.
func (a *archive) tile(t Tile) ([]byte, error) {
	if t.Z < int(a.header.MinZoom) || t.Z > int(a.header.MaxZoom) {
		return nil, nil
	}
	id, directory := hilbert(t), a.root
	for range maxDepth {
		e, found := find(directory, id)
		if !found {
			return nil, nil
		}
		if e.run > 0 {
			return a.read(a.header.DataOffset+e.offset, e.length, maxStored)
		}
		var err error
		if directory, err = a.directory(a.header.LeafOffset+e.offset, e.length); err != nil {
			return nil, err
		}
	}
	return nil, errArchive
}

// find is the entry that holds an id: the last one that does not begin behind it.
func find(directory []pmEntry, id uint64) (pmEntry, bool) {
	i, exact := slices.BinarySearchFunc(directory, id, func(e pmEntry, id uint64) int {
		if e.id <= id {
			return -1
		}
		return 1
	})
	if exact || i == 0 {
		return pmEntry{}, false
	}
	e := directory[i-1]
	return e, e.run == 0 || id < e.id+e.run
}

// hilbert is the number of a tile: those of all coarser zooms come first.
func hilbert(t Tile) uint64 {
	x, y := uint64(t.X), uint64(t.Y)
	id := (uint64(1)<<(2*t.Z) - 1) / 3
	for s := uint64(1) << t.Z >> 1; s > 0; s >>= 1 {
		var rx, ry uint64
		if x&s > 0 {
			rx = 1
		}
		if y&s > 0 {
			ry = 1
		}
		id += s * s * (3*rx ^ ry)
		if ry == 0 {
			if rx == 1 {
				x, y = s-1-x&(s-1), s-1-y&(s-1)
			}
			x, y = y, x
		}
	}
	return id
}
