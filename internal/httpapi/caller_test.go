package httpapi_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"muster/internal/httpapi"
	"muster/internal/postgres/pgtest/valley"
)

// caller is somebody who sends requests.
type caller struct {
	w      *world
	cookie string
	bearer string
	key    string // the Idempotency-Key of the next request; empty: a new one each time
}

// answer is what came back.
type answer struct {
	w      *world
	what   string
	Status int
	Header http.Header
	Body   []byte
}

// as is somebody who has signed in.
func (w *world) as(login string) caller {
	w.Helper()
	w.mu.Lock()
	cookie := w.sessions[login]
	w.mu.Unlock()
	if cookie == "" {
		cookie = w.signIn(login, valley.Password).must(http.StatusOK).sessionCookie().Value
		w.mu.Lock()
		w.sessions[login] = cookie
		w.mu.Unlock()
	}
	return caller{w: w, cookie: cookie}
}

// with is a machine that brings a key.
func (w *world) with(key string) caller { return caller{w: w, bearer: key} }

// nobody brings nothing.
func (w *world) nobody() caller { return caller{w: w} }

func (w *world) signIn(login, password string) answer {
	return w.nobody().post("/session", map[string]string{"login": login, "password": password})
}

func (a answer) sessionCookie() *http.Cookie {
	a.w.Helper()
	for _, c := range (&http.Response{Header: a.Header}).Cookies() {
		if c.Name == "muster_session" {
			return c
		}
	}
	a.w.Fatalf("%s: no session cookie", a.what)
	return nil
}

func (c caller) get(path string) answer               { return c.send(http.MethodGet, path, nil) }
func (c caller) post(path string, body any) answer    { return c.send(http.MethodPost, path, body) }
func (c caller) put(path string, body any) answer     { return c.send(http.MethodPut, path, body) }
func (c caller) once(key string) caller               { c.key = key; return c }
func (c caller) delete(path string) answer            { return c.send(http.MethodDelete, path, nil) }
func (c caller) file(path string, body []byte) answer { return c.send(http.MethodPost, path, body) }

// send sends; a []byte or string goes as it is, anything else as JSON.
func (c caller) send(method, path string, body any) answer {
	c.w.Helper()
	a, err := c.try(method, path, body)
	if err != nil {
		c.w.Fatalf("%s: %v", a.what, err)
	}
	return a
}

// try is send for goroutines, which may not end the test.
func (c caller) try(method, path string, body any) (answer, error) {
	a := answer{w: c.w, what: method + " " + path}
	var r io.Reader
	kind := "application/json"
	switch b := body.(type) {
	case nil:
	case string: // what calls itself JSON
		r = strings.NewReader(b)
	case []byte:
		r, kind = bytes.NewReader(b), "application/octet-stream"
	default:
		encoded, err := json.Marshal(b)
		if err != nil {
			return a, err
		}
		r = bytes.NewReader(encoded)
	}
	req, err := http.NewRequest(method, c.w.http.URL+"/api/v1"+path, r)
	if err != nil {
		return a, err
	}
	c.dress(req, kind)
	res, err := c.w.http.Client().Do(req)
	if err != nil {
		return a, err
	}
	defer res.Body.Close()
	a.Status, a.Header = res.StatusCode, res.Header
	a.Body, err = io.ReadAll(res.Body)
	return a, err
}

func (c caller) dress(req *http.Request, kind string) {
	req.Header.Set("Content-Type", kind)
	if c.key == "" {
		c.key = uuid.NewString()
	}
	req.Header.Set("Idempotency-Key", c.key)
	if c.cookie != "" {
		req.AddCookie(&http.Cookie{Name: "muster_session", Value: c.cookie})
	}
	if c.bearer != "" {
		req.Header.Set("Authorization", "Bearer "+c.bearer)
	}
}

// must insists on a status.
func (a answer) must(status int) answer {
	a.w.Helper()
	if a.Status != status {
		a.w.Fatalf("%s: %d, want %d: %s", a.what, a.Status, status, a.Body)
	}
	return a
}

// refused insists on a problem of a status and code, and that it says something.
func (a answer) refused(status int, code string) httpapi.ProblemDetails {
	a.w.Helper()
	a.must(status)
	var p httpapi.ProblemDetails
	if err := json.Unmarshal(a.Body, &p); err != nil {
		a.w.Fatalf("%s: no problem document: %s", a.what, a.Body)
	}
	if p.Code != code || p.Detail == "" || p.Status != status {
		a.w.Fatalf("%s: problem %s %q, want %s", a.what, p.Code, p.Detail, code)
	}
	return p
}

// read decodes the answer.
func read[T any](a answer) T {
	a.w.Helper()
	var v T
	if a.Status >= 300 {
		a.w.Fatalf("%s: %d: %s", a.what, a.Status, a.Body)
	}
	if err := json.Unmarshal(a.Body, &v); err != nil {
		a.w.Fatalf("%s: %v: %s", a.what, err, a.Body)
	}
	return v
}

// has says whether the answer contains a text.
func (a answer) has(text string) bool { return strings.Contains(string(a.Body), text) }
