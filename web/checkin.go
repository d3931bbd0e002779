package web

import (
	"io/fs"
	"net/http"
	"strings"
)

// Checkin serves the page of who scans a code (/c/…), its service worker
// (/c/sw.js), and the page of the screen that shows one (/checkin/screen/…). It
// differs from Handler in that the page may ask where the phone is.
func Checkin() http.Handler {
	files, err := fs.Sub(dist, "dist")
	if err != nil { // only a malformed name, and ours is a constant
		panic(err)
	}
	return newCheckin(files)
}

func newCheckin(files fs.FS) http.Handler {
	pages := map[string]page{}
	for _, name := range []string{"checkin.html", "screen.html", "checkin-sw.js"} {
		if body, err := fs.ReadFile(files, name); err == nil {
			pages[name] = newPage(name, body)
		}
	}
	return secured(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := "checkin.html"
		switch {
		case r.URL.Path == "/c/sw.js":
			name = "checkin-sw.js"
		case strings.HasPrefix(r.URL.Path, "/checkin/screen/"):
			name = "screen.html"
			w.Header().Set("Referrer-Policy", "no-referrer") // the address is the screen's key
		}
		p, built := pages[name]
		if !built {
			text(w, http.StatusServiceUnavailable, notBuilt)
			return
		}
		w.Header().Set("Permissions-Policy", asksWhere)
		p.serve(w, r)
	}))
}
