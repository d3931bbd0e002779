package tiles

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

const (
	mvtType  = "application/vnd.mapbox-vector-tile"
	askAgain = "private, no-cache" // kept, but asked about at each use
	oneHour  = "private, max-age=3600"
)

// content is what an answer holds.
type content struct {
	kind    string // media type
	body    []byte
	packed  bool // the body is gzip already
	caching string
}

// worthPacking is from how many bytes on gzip pays.
const worthPacking = 1400

// send answers with a tag made of the content, so that what the reader still has
// is not sent again; 204 when there is nothing.
func send(w http.ResponseWriter, r *http.Request, c content) error {
	head := w.Header()
	head.Set("Cache-Control", c.caching)
	head.Set("Vary", "Accept-Encoding, Cookie")
	if len(c.body) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	sum := sha256.Sum256(c.body)
	tag := `W/"` + hex.EncodeToString(sum[:12]) + `"`
	head.Set("ETag", tag)
	if strings.Contains(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	head.Set("Content-Type", c.kind)
	head.Set("X-Content-Type-Options", "nosniff")
	takes := strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")
	switch {
	case c.packed && !takes:
		return unpack(w, c.body)
	case c.packed:
		head.Set("Content-Encoding", "gzip")
	case takes && len(c.body) >= worthPacking && !strings.HasPrefix(c.kind, "image/"):
		head.Set("Content-Encoding", "gzip")
		return pack(w, c.body)
	}
	_, _ = w.Write(c.body) // who is gone needs no answer
	return nil
}

func pack(w http.ResponseWriter, body []byte) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return err
	}
	_, _ = z.Write(body)
	_ = z.Close()
	return nil
}

func unpack(w http.ResponseWriter, body []byte) error {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return err
	}
	_, _ = io.Copy(w, z)
	return nil
}

func sendJSON(w http.ResponseWriter, r *http.Request, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return send(w, r, content{kind: "application/json", body: body, caching: askAgain})
}

// origin is the address under which the reader reached us.
func origin(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}
