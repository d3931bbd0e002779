package channel

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	maxAnswer   = 64 << 10 // no carrier answers with more
	maxWait     = 10 * time.Second
	maxPerHost  = 256
	maxIdleTime = 90 * time.Second
)

// client is the one HTTP client of all gateways: connections are kept, a carrier
// that hangs is left after maxWait, redirects are not followed because a signed
// request is meant for one address.
var client = &http.Client{
	Timeout: maxWait,
	Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 3 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   5 * time.Second,
		ResponseHeaderTimeout: maxWait,
		ExpectContinueTimeout: time.Second,
		MaxConnsPerHost:       maxPerHost,
		MaxIdleConnsPerHost:   maxPerHost,
		MaxIdleConns:          2 * maxPerHost,
		IdleConnTimeout:       maxIdleTime,
	},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// exchange sends one request and reads the bounded answer. Its failures are those
// of the way there: nothing was said by the carrier about the message. Statuses of
// 500 and more and 429 are failures; what other statuses mean is the gateway's to
// say, since most carriers put their errors into the body.
func exchange(req *http.Request) (status int, body []byte, err error) {
	resp, err := client.Do(req)
	if err != nil {
		return 0, nil, wayFailure(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return resp.StatusCode, nil, wayFailure(err)
	case len(body) > maxAnswer:
		return resp.StatusCode, nil, &Failure{Class: Again, Code: "malformed", Text: "通道的答复过长", Unsure: true}
	}
	return resp.StatusCode, body, statusFailure(resp)
}

// post is exchange for a body of a content type.
func post(ctx context.Context, url, contentType string, body []byte, head http.Header) (int, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 0, nil, &Failure{Class: Never, Code: "endpoint", Text: "通道地址不是有效的网址"}
	}
	for name, values := range head {
		req.Header[name] = values
	}
	req.Header.Set("Content-Type", contentType)
	return exchange(req)
}

// wayFailure classes a failure of the network. Its own text is dropped: it names
// the URL, which may hold a secret or a number.
func wayFailure(err error) error {
	var op *net.OpError
	var dns *net.DNSError
	var timeout net.Error
	switch {
	case errors.Is(err, syscall.ECONNREFUSED), errors.As(err, &dns), errors.As(err, &op) && op.Op == "dial":
		return &Failure{Class: Again, Code: "transport", Text: "连接不上通道"}
	case errors.Is(err, context.Canceled):
		return &Failure{Class: Again, Code: "cancelled", Text: "发送被中止", Unsure: true}
	case errors.As(err, &timeout) && timeout.Timeout():
		return &Failure{Class: Again, Code: "timeout", Text: "通道没有按时答复", Unsure: true}
	}
	return &Failure{Class: Again, Code: "transport", Text: "与通道的连接中断", Unsure: true}
}

func statusFailure(resp *http.Response) error {
	code := "http_" + strconv.Itoa(resp.StatusCode)
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		return &Failure{Class: Limit, Code: code, Text: "通道要求放慢", After: retryAfter(resp.Header)}
	case resp.StatusCode >= 500:
		// A gateway in front may answer 502 or 504 after its server took the message.
		return &Failure{Class: Again, Code: code, Text: "通道出错", After: retryAfter(resp.Header),
			Unsure: resp.StatusCode != http.StatusServiceUnavailable}
	}
	return nil
}

// retryAfter reads the seconds form of RFC 9110 §10.2.3; no carrier uses dates.
func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(strings.TrimSpace(h.Get("Retry-After")))
	if err != nil || seconds < 0 || seconds > 24*3600 {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

// malformed is an answer that cannot be read: the message may have gone.
func malformed() error {
	return &Failure{Class: Again, Code: "malformed", Text: "通道的答复无法读懂", Unsure: true}
}
