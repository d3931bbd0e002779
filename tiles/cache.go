package tiles

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"muster/internal/errs"
)

// keepFor is how long a kept tile is as good as a new one.
const keepFor = 7 * 24 * time.Hour

// cache is tiles on disk, bounded: past the bound the ones written longest ago
// go. A nil cache keeps nothing.
type cache struct {
	dir   string
	bound int64

	mu    sync.Mutex
	bytes int64
}

func openCache(dir string, bound int64) (*cache, error) {
	if dir == "" || bound <= 0 {
		return nil, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, errs.New(errs.Fix, "basemap_cache", "不能建立底图缓存目录 %s", dir).Because(err)
	}
	c := &cache{dir: dir, bound: bound}
	halves, _ := filepath.Glob(filepath.Join(dir, "new-*")) // left by a power cut
	for _, half := range halves {
		_ = os.Remove(half)
	}
	for _, f := range c.list() {
		c.bytes += f.Size()
	}
	return c, nil
}

// path is where a tile lies; its name is hashed because it is an address.
func (c *cache) path(name string) string {
	sum := sha256.Sum256([]byte(name))
	return filepath.Join(c.dir, hex.EncodeToString(sum[:16])+".tile")
}

func (c *cache) get(name string) (body []byte, written time.Time, ok bool) {
	if c == nil {
		return nil, time.Time{}, false
	}
	info, err := os.Stat(c.path(name))
	if err != nil {
		return nil, time.Time{}, false
	}
	body, err = os.ReadFile(c.path(name))
	return body, info.ModTime(), err == nil && len(body) > 0
}

// put writes beside and renames: a reader never sees half a tile.
func (c *cache) put(name string, body []byte, at time.Time) error {
	if c == nil {
		return nil
	}
	f, err := os.CreateTemp(c.dir, "new-")
	if err != nil {
		return err
	}
	_, err = f.Write(body)
	err = errors.Join(err, f.Close(), os.Chtimes(f.Name(), at, at))
	c.mu.Lock()
	defer c.mu.Unlock()
	if old, gone := os.Stat(c.path(name)); gone == nil {
		c.bytes -= old.Size()
	}
	if err = errors.Join(err, os.Rename(f.Name(), c.path(name))); err != nil {
		_ = os.Remove(f.Name())
		return err
	}
	if c.bytes += int64(len(body)); c.bytes > c.bound {
		c.makeRoom()
	}
	return nil
}

// makeRoom takes the oldest tiles away until a tenth is free, and counts anew
// what is there; the caller holds the lock.
func (c *cache) makeRoom() {
	files := c.list()
	slices.SortFunc(files, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	c.bytes = 0
	for _, f := range files {
		c.bytes += f.Size()
	}
	for _, f := range files {
		if c.bytes <= c.bound-c.bound/10 {
			return
		}
		if os.Remove(filepath.Join(c.dir, f.Name())) == nil {
			c.bytes -= f.Size()
		}
	}
}

func (c *cache) list() (files []fs.FileInfo) {
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && filepath.Ext(e.Name()) == ".tile" {
			files = append(files, info)
		}
	}
	return files
}
