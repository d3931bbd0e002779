package killtest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"
)

// door stands before the carrier: it can let something happen between the carrier's
// having taken a message and its saying so.
type door struct {
	carrier http.Handler
	mu      sync.Mutex
	taken   func()
}

func (d *door) arm(taken func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.taken = taken
}

// ServeHTTP implements http.Handler.
func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	taken := d.taken
	d.taken = nil
	d.mu.Unlock()
	if taken == nil {
		d.carrier.ServeHTTP(w, r)
		return
	}
	d.carrier.ServeHTTP(httptest.NewRecorder(), r)
	taken()
	panic(http.ErrAbortHandler)
}

// balance hands the carrier's pushes to a replica that lives, as whatever stands
// before the replicas would.
func (n *night) balance(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, "unreadable", http.StatusBadRequest)
		return
	}
	for _, p := range n.living() {
		req, err := http.NewRequestWithContext(r.Context(), r.Method, p.url+r.URL.Path, bytes.NewReader(body))
		if err != nil {
			break
		}
		req.Header = r.Header.Clone()
		if resp, err := balancer.Do(req); err == nil {
			defer resp.Body.Close()
			w.Header().Set("Content-Type", resp.Header.Get("Content-Type"))
			w.WriteHeader(resp.StatusCode)
			_, _ = io.Copy(w, resp.Body)
			return
		}
	}
	http.Error(w, "nobody lives", http.StatusServiceUnavailable)
}

var balancer = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
