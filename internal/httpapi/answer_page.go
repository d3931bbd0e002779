package httpapi

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net/http"

	"github.com/go-chi/chi/v5"

	"muster/internal/errs"
)

// answerPurpose is what the signed links of notices are made for.
const answerPurpose = "answer"

//go:embed answer_page.html
var answerHTML string

//go:embed answer_page.css
var answerCSS string

// answerTemplates are the pages for people who answer without signing in. They
// work without a script; the style is part of the page and named by its hash, so
// that nothing else is let in (CSP 3 §6.7.2).
var (
	answerTemplates = template.Must(template.New("answer").Parse(answerHTML))
	answerStyleHash = sha256.Sum256([]byte(answerCSS))
	answerPolicy    = "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(answerStyleHash[:]) +
		"'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

// answerPages are open to everybody: what authorises is the code or the link, and
// no session is read or made, so that another site cannot use one.
func (s *Server) answerPages(r chi.Router) {
	r.Get("/a", s.codeForm)
	r.Post("/a", s.takeCode)
	r.Get("/a/{token}", s.linkPage)
	r.Post("/a/{token}", s.takeLink)
}

// sheet is what all pages have.
type sheet struct {
	Title    string
	Exercise bool
	Style    template.CSS
}

func newSheet(title string, exercise bool) sheet {
	return sheet{title, exercise, template.CSS(answerCSS)}
}

// siteLine is a site with where it stands.
type siteLine struct{ Name, Measure, State, Why string }

type donePage struct {
	sheet
	Good    bool
	Said    string
	Sites   []siteLine
	Missing []string
	Back    string
}

// page writes a page that nobody keeps: its address can be a key.
func (s *Server) page(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	s.pageOf(answerTemplates, w, r, status, name, data)
}

func (s *Server) pageOf(pages *template.Template, w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, data); err != nil {
		s.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", answerPolicy)
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}

// unable answers what went wrong as a page; what is lacking is named.
func (s *Server) unable(w http.ResponseWriter, r *http.Request, err error, exercise bool, back string) {
	p := problemOf(err)
	if p.Kind == errs.Internal || p.Kind == errs.Down {
		s.Log.ErrorContext(r.Context(), "answer page failed", "path", publicPath(r.URL.Path), "err", err)
	}
	page := donePage{sheet: newSheet("没有办成", exercise), Said: p.Detail, Back: back}
	for _, d := range p.Errors {
		page.Missing = append(page.Missing, d.Message)
	}
	s.page(w, r, p.Status, "done", page)
}

const maxForm = 16 << 10

// readForm reads a small form.
func readForm(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return errs.New(errs.Fix, "form", "表单没有完整收到，请再试一次").Because(err)
	}
	return nil
}
