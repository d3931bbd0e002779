package app

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"muster/internal/clock"
	"muster/internal/errs"
)

// ownCA is the CA of one data directory: it signs nothing but the certificate of
// the machine that it lies on.
type ownCA struct {
	clock clock.Clock
	hosts func() []string
	cert  *x509.Certificate
	key   *ecdsa.PrivateKey
	pem   []byte

	mu    sync.Mutex
	leaf  *tls.Certificate
	named string // the names that the leaf is for
}

const (
	caLife = 10 * 365 * 24 * time.Hour
	// leafLife is what Apple takes of a private CA (825 days at most), and less.
	leafLife  = 397 * 24 * time.Hour
	leafRenew = 30 * 24 * time.Hour
	backdated = time.Hour // phones' clocks are late
)

// caFile is where `up --tls` keeps the CA's certificate; its key lies beside it.
func caFile(dir string) string { return filepath.Join(dir, "tls", "ca.crt") }

// openCA reads the CA of a data directory, or makes it.
func openCA(dir string, c clock.Clock, hosts func() []string) (*ownCA, error) {
	a := &ownCA{clock: c, hosts: hosts}
	certFile, keyFile := caFile(dir), filepath.Join(dir, "tls", "ca.key")
	body, err := os.ReadFile(certFile)
	if errors.Is(err, os.ErrNotExist) {
		return a, a.make(certFile, keyFile)
	}
	if err != nil {
		return nil, err
	}
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return nil, errs.New(errs.Fix, "own_ca", "自建 CA 读不出；删除 %s 会重建，所有手机要重新信任", filepath.Dir(certFile)).Because(err)
	}
	a.pem, a.cert = body, pair.Leaf
	a.key, _ = pair.PrivateKey.(*ecdsa.PrivateKey)
	if a.cert == nil {
		a.cert, err = x509.ParseCertificate(pair.Certificate[0])
	}
	if err == nil && a.key == nil {
		err = errs.New(errs.Fix, "own_ca", "自建 CA 的私钥不是本程序建立的")
	}
	return a, err
}

func (a *ownCA) make(certFile, keyFile string) error {
	name, _ := os.Hostname() // a name for people
	at := a.clock.Now()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := &x509.Certificate{SerialNumber: serial(), Subject: pkix.Name{CommonName: "Muster CA " + name, Organization: []string{"Muster"}},
		NotBefore: at.Add(-backdated), NotAfter: at.Add(caLife), IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return err
	}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		return err
	}
	a.key, a.pem = key, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return a.keep(certFile, keyFile)
}

// keep writes the key first: a certificate without a key would be of no use.
func (a *ownCA) keep(certFile, keyFile string) error {
	der, err := x509.MarshalECPrivateKey(a.key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(certFile), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		return err
	}
	return os.WriteFile(certFile, a.pem, 0o644)
}

// certificate implements tls.Config.GetCertificate: made anew when it nears its
// end, or when the machine has another address.
func (a *ownCA) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	at, hosts := a.clock.Now(), a.hosts()
	names := strings.Join(hosts, " ")
	if a.leaf != nil && a.named == names && at.Add(leafRenew).Before(a.leaf.Leaf.NotAfter) {
		return a.leaf, nil
	}
	leaf, err := a.issue(hosts, at)
	if err == nil {
		a.leaf, a.named = leaf, names
	}
	return leaf, err
}

func (a *ownCA) issue(hosts []string, at time.Time) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{SerialNumber: serial(), Subject: pkix.Name{CommonName: hosts[0], Organization: []string{"Muster"}},
		NotBefore: at.Add(-backdated), NotAfter: at.Add(leafLife), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, h)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParseCertificate(der)
	return &tls.Certificate{Certificate: [][]byte{der, a.cert.Raw}, PrivateKey: key, Leaf: parsed}, err
}

func serial() *big.Int {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		panic(err) // the machine has no randomness
	}
	return n
}

// fingerprint is the SHA-256 of a certificate as phones show it.
func fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	parts := make([]string, len(sum))
	for i, b := range sum {
		parts[i] = fmt.Sprintf("%02X", b)
	}
	return strings.Join(parts, ":")
}

// localHosts are the names and addresses by which this machine can be reached.
func localHosts() []string {
	hosts := []string{"localhost", "127.0.0.1", "::1"}
	if name, err := os.Hostname(); err == nil && name != "localhost" {
		hosts = append(hosts, name)
	}
	return append(hosts, lanAddresses()...)
}

// lanAddresses are those of the machine's own networks, IPv4 first.
func lanAddresses() []string {
	addresses, _ := net.InterfaceAddrs() // none: then only the machine itself
	var v4, v6 []string
	for _, a := range addresses {
		n, ok := a.(*net.IPNet)
		if !ok || n.IP.IsLoopback() || n.IP.IsLinkLocalUnicast() {
			continue
		}
		if n.IP.To4() != nil {
			v4 = append(v4, n.IP.String())
		} else {
			v6 = append(v6, n.IP.String())
		}
	}
	return append(v4, v6...)
}
