// Package s3gw is an S3-compatible object store inside this process, on a plain
// directory: what `muster up` uses where no store is configured. It is a package
// of its own because its libraries are many; nothing but the start of the
// program imports it. One gateway per process.
package s3gw

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"

	"muster/internal/media"
)

const (
	access      = "muster"
	bucket      = "muster"
	copyAtOnce  = 5 << 30 // the size up to which S3 copies an object in one request
	readyWithin = 10 * time.Second
)

// Gateway is a running store.
type Gateway struct {
	media.Config
	stop context.CancelFunc
	done chan error
}

// Start serves the objects below dir on a free loopback port. The key is made
// once and kept beside them, readable by nobody else.
func Start(ctx context.Context, dir string) (*Gateway, error) {
	objects := filepath.Join(dir, "objects")
	if err := os.MkdirAll(objects, 0o700); err != nil {
		return nil, err
	}
	secret, err := keptSecret(filepath.Join(dir, "key"))
	if err != nil {
		return nil, err
	}
	backend, err := posix.New(objects, meta.XattrMeta{}, posix.PosixOpts{NewDirPerm: 0o700, Concurrency: 64, CopyObjectThreshold: copyAtOnce})
	if err != nil {
		return nil, fmt.Errorf("object store in %s: %w", objects, err)
	}
	address, err := freePort()
	if err != nil {
		return nil, err
	}
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	g := &Gateway{Config: media.Config{Endpoint: address, Access: access, Secret: secret, Bucket: bucket}, stop: stop, done: make(chan error, 1)}
	go func() {
		g.done <- embedgw.RunVersityGW(run, backend, &embedgw.Config{
			RootUserAccess: access, RootUserSecret: secret, Ports: []string{address}, MaxConnections: 256, MaxRequests: 128,
			MultipartMaxParts: 10000, KeepAlive: true, Quiet: true, HealthPath: "/healthz"})
	}()
	return g, g.await(ctx)
}

// Stop ends the store and returns when it is gone.
func (g *Gateway) Stop() {
	g.stop()
	<-g.done
}

func (g *Gateway) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	for {
		if answers(ctx, "http://"+g.Endpoint+"/healthz") {
			return nil
		}
		select {
		case err := <-g.done:
			g.done <- err
			return fmt.Errorf("object store ended: %w", err)
		case <-ctx.Done():
			g.Stop()
			return errors.New("object store did not answer")
		case <-time.After(2 * time.Millisecond):
		}
	}
}

func answers(ctx context.Context, url string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusOK
}

func keptSecret(path string) (string, error) {
	b, err := os.ReadFile(path)
	if err == nil {
		return strings.TrimSpace(string(b)), nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	secret := rand.Text()
	return secret, os.WriteFile(path, []byte(secret+"\n"), 0o600)
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
