package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

const notBuilt = "页面还没有构建：make web\n"

// cacheForever fits files whose name holds a hash of their content.
const (
	cacheForever = "public, max-age=31536000, immutable"
	askAgain     = "no-cache"
)

// page is one served file.
type page struct {
	body    []byte
	packed  []byte // gzip, nil when not worth it
	kind    string // media type
	etag    string
	caching string
}

// handler holds every file in memory: a few megabytes, packed once at start.
type handler struct {
	pages map[string]page
}

func newHandler(files fs.FS) http.Handler {
	h := handler{pages: map[string]page{}}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		h.pages["/"+name] = newPage(name, body)
		return nil
	})
	if err != nil { // the files are inside the binary: a failure is a fault of the build
		panic(err)
	}
	return secured(h)
}

func newPage(name string, body []byte) page {
	sum := sha256.Sum256(body)
	p := page{body: body, kind: mediaType(name), etag: `"` + hex.EncodeToString(sum[:8]) + `"`, caching: askAgain}
	if strings.HasPrefix(name, "assets/") {
		p.caching = cacheForever
	}
	p.packed = pack(body)
	return p
}

// mediaType does not rely on the machine's own table, which may lack .mjs.
func mediaType(name string) string {
	switch ext := path.Ext(name); ext {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".html":
		return "text/html; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".webmanifest":
		return "application/manifest+json"
	default:
		if kind := mime.TypeByExtension(ext); kind != "" {
			return kind
		}
		return "application/octet-stream"
	}
}

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	p, ok := h.find(r.URL.Path)
	switch {
	case ok:
		p.serve(w, r)
	case len(h.pages) == 0:
		text(w, http.StatusServiceUnavailable, notBuilt)
	default:
		text(w, http.StatusNotFound, "没有这个文件\n")
	}
}

// find falls back to the page for addresses that are not files: the field page for
// its own, the desk for all others.
func (h handler) find(urlPath string) (page, bool) {
	clean := path.Clean("/" + urlPath)
	if p, ok := h.pages[clean]; ok {
		return p, true
	}
	if path.Ext(clean) != "" || strings.HasPrefix(clean, "/assets/") {
		return page{}, false
	}
	name := "/index.html"
	if clean == "/f" {
		name = "/field.html"
	}
	p, ok := h.pages[name]
	return p, ok
}

func (p page) serve(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("Content-Type", p.kind)
	head.Set("Cache-Control", p.caching)
	body, etag := p.body, p.etag
	if p.packed != nil {
		head.Set("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			head.Set("Content-Encoding", "gzip")
			body, etag = p.packed, strings.TrimSuffix(p.etag, `"`)+`-gz"`
		}
	}
	head.Set("ETag", etag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

func text(w http.ResponseWriter, status int, words string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(words))
}
