package app

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/clock"
)

func someHosts(list ...string) func() []string { return func() []string { return list } }

func TestTheOwnCAIsMadeOnceAndKeptForItself(t *testing.T) {
	dir, c := t.TempDir(), clock.NewManual(time.Date(2026, 7, 10, 13, 30, 0, 0, time.UTC))
	first, err := openCA(dir, c, someHosts("localhost", "192.0.2.7"))
	must(t, err)
	again, err := openCA(dir, c, someHosts("localhost", "192.0.2.7"))
	must(t, err)
	if !bytes.Equal(first.pem, again.pem) {
		t.Error("every phone would have to trust a new one")
	}
	info, err := os.Stat(filepath.Join(dir, "tls", "ca.key"))
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the key's mode is %s", info.Mode())
	}
}

func TestTheLeafIsForThisMachineAndIsRenewed(t *testing.T) {
	c := clock.NewManual(time.Date(2026, 7, 10, 13, 30, 0, 0, time.UTC))
	hosts := []string{"localhost", "192.0.2.7"}
	ca, err := openCA(t.TempDir(), c, func() []string { return hosts })
	must(t, err)
	leaf := func() *x509.Certificate {
		t.Helper()
		cert, err := ca.certificate(nil)
		must(t, err)
		return cert.Leaf
	}
	first := leaf()
	roots := x509.NewCertPool()
	roots.AddCert(ca.cert)
	for _, name := range []string{"localhost", "192.0.2.7"} {
		if _, err := first.Verify(x509.VerifyOptions{DNSName: name, Roots: roots, CurrentTime: c.Now()}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := first.Verify(x509.VerifyOptions{DNSName: "elsewhere.example", Roots: roots, CurrentTime: c.Now()}); err == nil {
		t.Error("it is good for anybody")
	}
	if first.IsCA || first.NotAfter.Sub(first.NotBefore) > 825*24*time.Hour {
		t.Error("phones would refuse it")
	}
	if leaf() != first {
		t.Error("a new one for every call")
	}
	hosts = []string{"localhost", "192.0.2.8"}
	moved := leaf()
	if moved.VerifyHostname("192.0.2.8") != nil {
		t.Error("the machine has another address, the certificate has not")
	}
	c.Advance(leafLife - leafRenew)
	if renewed := leaf(); !renewed.NotAfter.After(moved.NotAfter) {
		t.Error("it would run out")
	}
}

// writePair puts a certificate and its key into files.
func writePair(t *testing.T, certFile, keyFile string, c *tls.Certificate, at time.Time) {
	t.Helper()
	der, err := x509.MarshalECPrivateKey(c.PrivateKey.(*ecdsa.PrivateKey))
	must(t, err)
	must(t, os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}), 0o600))
	must(t, os.WriteFile(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificate[0]}), 0o600))
	must(t, os.Chtimes(certFile, at, at))
}

func TestRenewedFilesAreTakenWithoutARestart(t *testing.T) {
	dir, c := t.TempDir(), clock.NewManual(time.Date(2026, 7, 10, 13, 30, 0, 0, time.UTC))
	ca, err := openCA(dir, c, someHosts("localhost"))
	must(t, err)
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	first, err := ca.issue([]string{"localhost"}, c.Now())
	must(t, err)
	writePair(t, cert, key, first, c.Now())
	files, err := certificateFiles(cert, key)
	must(t, err)
	second, err := ca.issue([]string{"localhost"}, c.Now())
	must(t, err)
	writePair(t, cert, key, second, c.Now().Add(time.Hour))
	got, err := files.certificate(nil)
	must(t, err)
	if !bytes.Equal(got.Certificate[0], second.Certificate[0]) {
		t.Error("the renewed certificate is not served")
	}
	must(t, os.WriteFile(cert, []byte("half a fi"), 0o600))
	if got, err = files.certificate(nil); err != nil || !bytes.Equal(got.Certificate[0], second.Certificate[0]) {
		t.Errorf("while a file is being written nobody gets in: %v", err)
	}
	if _, err := certificateFiles(cert, key); err == nil {
		t.Error("started with half a certificate")
	}
	if _, err := certificateFiles("", key); err == nil {
		t.Error("started with a key and no certificate")
	}
}

func TestWhatIsAnsweredWithoutTLS(t *testing.T) {
	ca, err := openCA(t.TempDir(), clock.System{}, someHosts("localhost", "127.0.0.1"))
	must(t, err)
	api := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "api "+r.URL.Path) })
	tr := &transport{certificate: ca.certificate, ca: ca.pem, base: "https://127.0.0.1:8420"}
	plain := httptest.NewServer(tr.plainly(api))
	t.Cleanup(plain.Close)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	get := func(path string) (*http.Response, string) {
		t.Helper()
		res, err := client.Get(plain.URL + path)
		must(t, err)
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		must(t, err)
		return res, string(body)
	}
	if res, body := get("/ca.crt"); body != string(ca.pem) || res.Header.Get("Content-Type") != "application/x-x509-ca-cert" || strings.Contains(body, "KEY") {
		t.Errorf("the CA: %s %s", res.Header.Get("Content-Type"), body)
	}
	if res, _ := get("/f?x=1"); res.StatusCode != http.StatusTemporaryRedirect || res.Header.Get("Location") != "https://127.0.0.1:8420/f?x=1" {
		t.Errorf("the page: %d to %s", res.StatusCode, res.Header.Get("Location"))
	}
	if _, body := get("/hooks/a/b"); body != "api /hooks/a/b" {
		t.Errorf("a push of this machine: %s", body)
	}
	from := httptest.NewRequest("POST", "/hooks/a/b", nil) // its two ends differ
	w := httptest.NewRecorder()
	tr.plainly(api).ServeHTTP(w, from)
	if w.Code != http.StatusTemporaryRedirect {
		t.Errorf("a push from elsewhere, in the clear: %d", w.Code)
	}
}

func TestTLSBindsBrowsersButNotThisMachine(t *testing.T) {
	h := strict(http.NotFoundHandler())
	for host, want := range map[string]string{"muster.example": oneYear, "muster.example:8443": oneYear, "localhost:8420": "", "192.0.2.7:8420": "", "[::1]:8420": ""} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if got := w.Header().Get("Strict-Transport-Security"); got != want {
			t.Errorf("%s: %q", host, got)
		}
	}
}

func TestServedByTLS(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	tr, err := ownTransport(t.TempDir(), l, clock.System{})
	must(t, err)
	t.Cleanup(func() { must(t, tr.plain.Close()) })
	s := service{tls: tr, secure: true, log: slog.New(slog.DiscardHandler)}
	server := &http.Server{Handler: s.front(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) }))}
	ended := make(chan error, 1)
	go func() { ended <- s.serveOn(server, l) }()
	t.Cleanup(func() { must(t, server.Close()); <-ended })
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(tr.ca)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}}
	res, err := client.Get(tr.base + "/")
	must(t, err)
	defer res.Body.Close()
	if body, _ := io.ReadAll(res.Body); string(body) != "HTTP/2.0" {
		t.Errorf("served by %s", body)
	}
	if _, err := http.Get(tr.base + "/"); err == nil {
		t.Error("trusted by who does not know the CA")
	}
	if !slices.Contains(localHosts(), "127.0.0.1") || !strings.HasPrefix(tr.caAddress(), "http://127.0.0.1:") {
		t.Errorf("the CA is at %s", tr.caAddress())
	}
}
