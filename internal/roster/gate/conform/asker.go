package conform

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"muster/internal/roster/gate/simulate"
)

// asker sends the kit's requests.
type asker struct{ Options }

// heard is an answer; err when there was none.
type heard struct {
	status int
	head   http.Header
	body   string
	err    error
}

func (a *asker) send(ctx context.Context, method, address, kind, body string, headers map[string]string) heard {
	r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return heard{err: err}
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	answer, err := a.HTTP.Do(r)
	if err != nil {
		return heard{err: err}
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	return heard{answer.StatusCode, answer.Header, string(text), err}
}

// String is an answer as it is quoted in a finding.
func (h heard) String() string {
	if h.err != nil {
		if u, ok := errors.AsType[*url.Error](h.err); ok {
			return "没有回答（" + u.Err.Error() + "）"
		}
		return "没有回答（" + h.err.Error() + "）"
	}
	return fmt.Sprintf("HTTP %d %.120s", h.status, strings.TrimSpace(h.body))
}

// ok says whether the answer is an HTTP success.
func (h heard) ok() bool { return h.err == nil && h.status/100 == 2 }

// want returns "" when what was asked for is so, else the answer.
func (h heard) want(right bool) string {
	if right && h.err == nil {
		return ""
	}
	return h.String()
}

// json reads an answer; a body that is no JSON leaves the value as it is.
func (h heard) json(into any) bool { return json.Unmarshal([]byte(h.body), into) == nil }

// device is a simulated device on a good line that has seen n passes just now.
func (a *asker) device(n int) (simulate.Device, error) {
	d, err := simulate.New(a.Protocol, a.Config)
	if err != nil {
		return nil, err
	}
	who := Nobody
	if a.Protocol == "realname" {
		who = nobodysCard
	}
	for i := range n {
		d.See(simulate.Pass{At: a.Clock.Now().Add(-time.Duration(n-i) * time.Second).Truncate(time.Second), Who: who, Out: i%2 == 1})
	}
	return d, nil
}

// play lets the device send n passes; "" when all were acknowledged. That nobody
// knows the kit's people is an acknowledgement too.
func (a *asker) play(ctx context.Context, n int) string {
	d, err := a.device(n)
	if err == nil {
		err = d.Send(ctx)
	}
	if err != nil && !(a.Protocol == "realname" && strings.Contains(err.Error(), "status 10")) {
		return err.Error()
	}
	return ""
}

// wall is the present as a terminal's screen shows it.
func (a *asker) wall() string {
	return a.Clock.Now().In(time.FixedZone("", 8*3600)).Format(time.DateTime)
}

// guess is the address with a token that nobody has.
func (a *asker) guess() string {
	u, err := url.Parse(a.URL)
	if err != nil {
		return a.URL
	}
	i := strings.LastIndexByte(strings.TrimSuffix(u.Path, "/"), '/')
	u.Path = u.Path[:i+1] + rand.Text()
	return u.String()
}

// page is where the protocol's records go, below an address.
func (a *asker) page(base string) string {
	base = strings.TrimSuffix(base, "/")
	switch a.Protocol {
	case "push":
		return base + "/passes"
	case "zkteco":
		return base + "/iclock/cdata?table=ATTLOG&SN=" + url.QueryEscape(a.Serial)
	case "uniview":
		return base + "/LAPI/V1.0/PACS/Controller/Event/Notifications"
	}
	return base
}

// announce says that a gigabyte is coming and sends none of it.
func (a *asker) announce(ctx context.Context) heard {
	u, err := url.Parse(a.page(a.URL))
	if err != nil {
		return heard{err: err}
	}
	if u.Scheme != "http" {
		return heard{status: http.StatusRequestEntityTooLarge} // a proxy in front has limits of its own
	}
	host := u.Host
	if u.Port() == "" {
		host = net.JoinHostPort(host, "80")
	}
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", host)
	if err != nil {
		return heard{err: err}
	}
	defer func() { _ = c.Close() }()
	defer context.AfterFunc(ctx, func() { _ = c.Close() })()
	return speak(c, fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", u.RequestURI(), u.Host, 1<<30))
}
