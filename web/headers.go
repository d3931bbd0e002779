package web

import (
	"net/http"
	"path"
)

// Policy is the content security policy of the pages: everything from our own
// server, no inline script or style. blob: and data: pictures are the map's marks.
const Policy = "default-src 'self'; script-src 'self'; worker-src 'self'; style-src 'self'; " +
	"img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; " +
	"form-action 'self'; frame-ancestors 'none'"

// The pages of phones may ask where they are; the desk may not.
const (
	asksNothing = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
	asksWhere   = "camera=(), microphone=(), geolocation=(self), payment=(), usb=()"
)

func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("Content-Security-Policy", Policy)
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Referrer-Policy", "same-origin")
		head.Set("Permissions-Policy", permissions(r.URL.Path))
		head.Set("Cross-Origin-Opener-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

func permissions(address string) string {
	if path.Clean(address) == "/f" {
		return asksWhere
	}
	return asksNothing
}
