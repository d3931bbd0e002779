package web

import (
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func TestThePagesOfWhoScans(t *testing.T) {
	files := fstest.MapFS{"checkin.html": {Data: []byte("scan")}, "screen.html": {Data: []byte("screen")}, "checkin-sw.js": {Data: []byte("worker")}}
	h := newCheckin(files)
	for path, want := range map[string]string{"/c/abc": "scan", "/c/shell": "scan", "/c/sw.js": "worker", "/checkin/screen/token": "screen"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != 200 || w.Body.String() != want {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		if !strings.Contains(w.Header().Get("Content-Security-Policy"), "script-src 'self'") || !strings.Contains(w.Header().Get("Permissions-Policy"), "geolocation=(self)") {
			t.Errorf("%s: %v", path, w.Header())
		}
	}
	w := httptest.NewRecorder()
	newCheckin(fstest.MapFS{}).ServeHTTP(w, httptest.NewRequest("GET", "/c/abc", nil))
	if w.Code != 503 {
		t.Errorf("not built: %d", w.Code)
	}
}
