package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

var built = fstest.MapFS{
	".keep":                  {},
	"index.html":             {Data: []byte("<!doctype html><title>Muster</title>")},
	"field.html":             {Data: []byte("<!doctype html><title>field</title>")},
	"field.webmanifest":      {Data: []byte("{}")},
	"favicon.svg":            {Data: []byte("<svg/>")},
	"assets/index-a1b2.js":   {Data: []byte(strings.Repeat("console.log(1);", 100))},
	"assets/worker-c3d4.mjs": {Data: []byte("export {}")},
}

func ask(t *testing.T, files fstest.MapFS, method, target string, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	newHandler(files).ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestPathsAndTheirAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		method, path  string
		status        int
		kind, caching string
	}{
		"the page":                    {"GET", "/", 200, "text/html; charset=utf-8", askAgain},
		"an address the page routes":  {"GET", "/warnings/0198", 200, "text/html; charset=utf-8", askAgain},
		"a hashed file":               {"GET", "/assets/index-a1b2.js", 200, "text/javascript; charset=utf-8", cacheForever},
		"the worker of the map":       {"GET", "/assets/worker-c3d4.mjs", 200, "text/javascript; charset=utf-8", cacheForever},
		"a file without a hash":       {"GET", "/favicon.svg", 200, "image/svg+xml", askAgain},
		"a file of an older build":    {"GET", "/assets/index-0000.js", 404, "text/plain; charset=utf-8", "no-store"},
		"a file that never was":       {"GET", "/wp-login.php", 404, "text/plain; charset=utf-8", "no-store"},
		"the place keeper":            {"GET", "/.keep", 404, "text/plain; charset=utf-8", "no-store"},
		"a way out of the folder":     {"GET", "/../../etc/passwd", 200, "text/html; charset=utf-8", askAgain},
		"a head request":              {"HEAD", "/", 200, "text/html; charset=utf-8", askAgain},
		"something else than reading": {"POST", "/", 405, "text/plain; charset=utf-8", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := ask(t, built, c.method, c.path)
			if got.StatusCode != c.status || got.Header.Get("Content-Type") != c.kind || got.Header.Get("Cache-Control") != c.caching {
				t.Errorf("%d %q %q, want %d %q %q", got.StatusCode, got.Header.Get("Content-Type"), got.Header.Get("Cache-Control"), c.status, c.kind, c.caching)
			}
		})
	}
}

func TestTheFieldPageHasItsOwnAddress(t *testing.T) {
	for path, title := range map[string]string{"/f": "field", "/f/": "field", "/": "Muster", "/fields": "Muster"} {
		if got := body(t, ask(t, built, "GET", path).Body); !strings.Contains(got, "<title>"+title+"</title>") {
			t.Errorf("%s: %s", path, got)
		}
	}
	if kind := ask(t, built, "GET", "/field.webmanifest").Header.Get("Content-Type"); kind != "application/manifest+json" {
		t.Errorf("the manifest is %s", kind)
	}
}

func TestEveryAnswerCarriesTheSecurityHeaders(t *testing.T) {
	for _, path := range []string{"/", "/assets/index-a1b2.js", "/nothing.txt"} {
		head := ask(t, built, "GET", path).Header
		if head.Get("Content-Security-Policy") != Policy || strings.Contains(Policy, "unsafe") {
			t.Errorf("%s: policy %q", path, head.Get("Content-Security-Policy"))
		}
		if head.Get("X-Content-Type-Options") != "nosniff" || head.Get("Referrer-Policy") != "same-origin" || head.Get("Permissions-Policy") == "" {
			t.Errorf("%s: headers %v", path, head)
		}
	}
}

func TestOnlyThePhonesPageMayAskWhereItIs(t *testing.T) {
	for path, may := range map[string]bool{"/f": true, "/f/": true, "/": false, "/sites": false} {
		if got := ask(t, built, "GET", path).Header.Get("Permissions-Policy"); strings.Contains(got, "geolocation=(self)") != may {
			t.Errorf("%s: %s", path, got)
		}
	}
}

func TestPackedWhenAskedAndWorthIt(t *testing.T) {
	got := ask(t, built, "GET", "/assets/index-a1b2.js", "Accept-Encoding", "gzip, br")
	if got.Header.Get("Content-Encoding") != "gzip" || got.Header.Get("Vary") != "Accept-Encoding" {
		t.Fatalf("headers %v", got.Header)
	}
	z, err := gzip.NewReader(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	if body(t, z) != string(built["assets/index-a1b2.js"].Data) {
		t.Error("unpacked text differs")
	}
	if small := ask(t, built, "GET", "/favicon.svg", "Accept-Encoding", "gzip"); small.Header.Get("Content-Encoding") != "" {
		t.Error("a file that does not shrink was packed")
	}
}

func TestUnchangedPageIsNotSentAgain(t *testing.T) {
	first := ask(t, built, "GET", "/")
	again := ask(t, built, "GET", "/", "If-None-Match", first.Header.Get("ETag"))
	if again.StatusCode != http.StatusNotModified {
		t.Errorf("status %d", again.StatusCode)
	}
}

func TestSaysSoWhenNothingIsBuilt(t *testing.T) {
	got := ask(t, fstest.MapFS{".keep": {}}, "GET", "/")
	if got.StatusCode != http.StatusServiceUnavailable || body(t, got.Body) != notBuilt {
		t.Errorf("status %d", got.StatusCode)
	}
}

func TestHandlerServesWhatWasEmbedded(t *testing.T) {
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != http.StatusOK && w.Body.String() != notBuilt {
		t.Errorf("neither the page nor the notice: %d %q", w.Code, w.Body.String())
	}
}
