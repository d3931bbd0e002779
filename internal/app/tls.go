package app

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"muster/internal/errs"
)

// transport is how requests come in when they come by TLS.
type transport struct {
	certificate func(*tls.ClientHelloInfo) (*tls.Certificate, error)
	ca          []byte       // own CA as PEM, for downloading; nil: somebody else's certificate
	plain       net.Listener // where phones fetch the CA before they trust it; nil: none
	base        string       // https://…, where plain requests are sent to
}

func (t *transport) config() *tls.Config {
	return &tls.Config{GetCertificate: t.certificate, MinVersion: tls.VersionTLS12}
}

// keptFiles is a certificate in files, read anew when they change: a renewed one
// needs no restart.
type keptFiles struct {
	cert, key string

	mu     sync.Mutex
	loaded *tls.Certificate
	mtime  time.Time
}

// certificateFiles opens MUSTER_TLS_CERT and MUSTER_TLS_KEY; errs.Fix when they do
// not fit.
func certificateFiles(cert, key string) (*keptFiles, error) {
	f := &keptFiles{cert: cert, key: key}
	if cert == "" || key == "" {
		return nil, errs.New(errs.Fix, "tls_files", "MUSTER_TLS_CERT 和 MUSTER_TLS_KEY 要一起设置")
	}
	_, err := f.certificate(nil)
	return f, err
}

// certificate implements tls.Config.GetCertificate. While new files cannot be read
// the old certificate goes on.
func (f *keptFiles) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := os.Stat(f.cert)
	if err == nil && f.loaded != nil && info.ModTime().Equal(f.mtime) {
		return f.loaded, nil
	}
	c, err := tls.LoadX509KeyPair(f.cert, f.key)
	switch {
	case err == nil:
		f.loaded, f.mtime = &c, info.ModTime()
	case f.loaded == nil:
		return nil, errs.New(errs.Fix, "tls_files", "证书或私钥读不出，或两者不是一对").Because(err)
	}
	return f.loaded, nil
}

// leaf is the certificate itself, for looking at its names and dates.
func (f *keptFiles) leaf() (*x509.Certificate, error) {
	c, err := f.certificate(nil)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(c.Certificate[0])
}

// oneYear is how long a browser asks us by TLS only (RFC 6797).
const oneYear = "max-age=31536000"

// strict tells browsers to stay with TLS. Not on this machine itself: the rule
// knows no ports, and would lock everything else that runs here.
func strict(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if host := hostOf(r.Host); host != "localhost" && net.ParseIP(host) == nil {
			w.Header().Set("Strict-Transport-Security", oneYear)
		}
		next.ServeHTTP(w, r)
	})
}

// withCA serves the own CA's certificate beside everything else. It is public: it
// lets a phone recognise us, and nobody else be us.
func (t *transport) withCA(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/ca.crt" {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/x-x509-ca-cert")
		w.Header().Set("Content-Disposition", `attachment; filename="muster-ca.crt"`)
		_, _ = w.Write(t.ca)
	})
}

// plainly answers what comes without TLS: the CA; pushes of the fake carrier on
// this machine; everything else is sent to the TLS address.
func (t *transport) plainly(api http.Handler) http.Handler {
	return t.withCA(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if fromHere(r) && strings.HasPrefix(r.URL.Path, "/hooks/") {
			api.ServeHTTP(w, r)
			return
		}
		http.Redirect(w, r, t.base+r.URL.RequestURI(), http.StatusTemporaryRedirect)
	}))
}

// fromHere says whether a request comes from this machine: both ends have the same
// address.
func fromHere(r *http.Request) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return ok && hostOf(local.String()) == hostOf(r.RemoteAddr)
}

func hostOf(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return address
}
