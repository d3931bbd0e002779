package simulate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// Fault is what happens to one request on a bad line.
type Fault int

// The faults.
const (
	Fine     Fault = iota
	Dropped        // nothing arrives
	Half           // half of it arrives, then the line is cut
	Unheard        // it arrives and is answered; the answer is lost
	Repeated       // it arrives twice
)

// Line carries requests and goes wrong as it is told. It is an
// http.RoundTripper.
type Line struct {
	Faults func(n int) Fault // what happens to the n-th request, from 0; nil: nothing

	mu   sync.Mutex
	sent int
}

var errLine = errors.New("线路断了")

// RoundTrip implements http.RoundTripper.
func (l *Line) RoundTrip(r *http.Request) (*http.Response, error) {
	fault := l.next()
	if fault == Half && r.URL.Scheme != "http" {
		fault = Dropped // nothing is written to the line in clear
	}
	body := ""
	if r.Body != nil {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		_ = r.Body.Close()
		body = string(b)
	}
	switch fault {
	case Dropped:
		return nil, errLine
	case Half:
		return nil, half(r, body)
	case Unheard, Repeated:
		answer, err := again(r, body)
		if err != nil {
			return nil, err
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		_ = answer.Body.Close()
		if fault == Unheard {
			return nil, errLine
		}
	}
	return again(r, body)
}

func (l *Line) next() Fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.sent
	l.sent++
	if l.Faults == nil {
		return Fine
	}
	return l.Faults(n)
}

func again(r *http.Request, body string) (*http.Response, error) {
	c := r.Clone(r.Context())
	c.Body, c.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	return http.DefaultTransport.RoundTrip(c)
}

// half sends the head and half of the body, announces all of it, and hangs up.
func half(r *http.Request, body string) error {
	c, err := dial(r.Context(), r.URL.Host)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	head := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n", r.Method, r.URL.RequestURI(), r.URL.Host, len(body))
	for name, list := range r.Header {
		head += name + ": " + strings.Join(list, ", ") + "\r\n"
	}
	if _, err := io.WriteString(c, head+"\r\n"+body[:len(body)/2]); err != nil {
		return err
	}
	return errLine
}

func dial(ctx context.Context, host string) (net.Conn, error) {
	if _, _, err := net.SplitHostPort(host); err != nil {
		host = net.JoinHostPort(host, "80")
	}
	var d net.Dialer
	return d.DialContext(ctx, "tcp", host)
}

// exchange sends one request and reads the answer.
func exchange(ctx context.Context, client *http.Client, method, address, kind string, body []byte, headers map[string]string) (*http.Response, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(string(body)))
	if err != nil {
		return nil, nil, err
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	answer, err := client.Do(r)
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err // the address holds the token
	}
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 8<<20))
	return answer, text, err
}
