package dispatch

import (
	"context"
	"errors"
	"net/http"
	"net/mail"
	"net/url"
	"strings"
	"time"

	"muster/internal/clock"
	"muster/internal/errs"
	"muster/internal/response"
)

// AlarmExit is a way by which alarms leave. It shares nothing with the ledger and
// its accounts: what it tells of may be that those are dead.
type AlarmExit interface {
	// Name is for the log and for the alarm that this exit fails: no address, no key.
	Name() string
	// Tell hands over alarms and ends of alarms, all or none. It returns within
	// ctx; what was told twice does no harm.
	Tell(ctx context.Context, list []response.Alarm, at time.Time) error
}

// ExitConfig is where alarms go, as the environment says.
type ExitConfig struct {
	URL    string // MUSTER_ALARM_URL: a webhook
	Secret string // MUSTER_ALARM_SECRET: it is signed with this
	SMTP   string // MUSTER_ALARM_SMTP: smtp://user:pass@host:port
	Mail   string // MUSTER_ALARM_MAIL: receivers, separated by commas
}

// OpenAlarmExits makes the exits that are configured: the webhook, and one for
// each mail address, so that a wrong one holds up no other. Errors are errs.Fix.
func OpenAlarmExits(c ExitConfig, clk clock.Clock) ([]AlarmExit, error) {
	var exits []AlarmExit
	if c.URL != "" {
		u, err := webAddress("MUSTER_ALARM_URL", c.URL)
		if err != nil {
			return nil, err
		}
		exits = append(exits, &webhookExit{url: u, secret: c.Secret})
	}
	if c.SMTP == "" && c.Mail == "" {
		return exits, nil
	}
	if c.SMTP == "" || c.Mail == "" {
		return nil, badConfig("MUSTER_ALARM_SMTP", "与 MUSTER_ALARM_MAIL 要一起设置", "")
	}
	to, err := mail.ParseAddressList(c.Mail)
	if err != nil {
		return nil, badConfig("MUSTER_ALARM_MAIL", "不是有效的邮箱", "一个或几个邮箱，用逗号隔开")
	}
	mails, err := openMailExits(c.SMTP, to, clk)
	return append(exits, mails...), err
}

func badConfig(where, text, mend string) error {
	return errs.New(errs.Fix, "alarm_exit", "告警出口的配置不对").With(errs.Detail{Where: where, Text: text, Mend: mend})
}

func webAddress(name, value string) (string, error) {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", badConfig(name, "不是有效的网址", "https://…")
	}
	return value, nil
}

// exitWait is how long one telling or beat may take.
const exitWait = 10 * time.Second

// outside is the HTTP client of exits and of the heart-beat: not that of the
// carriers' gateways, and a new connection each time, since they are rare.
var outside = &http.Client{
	Timeout:       exitWait,
	Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true, TLSHandshakeTimeout: exitWait / 2},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// call sends a request; any answer of the 200s is a success. Errors do not name
// the address, which may hold a key.
func call(req *http.Request) error {
	resp, err := outside.Do(req)
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	if err != nil {
		return err
	}
	_ = resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		return errors.New("answered " + strings.TrimSpace(resp.Status))
	}
	return nil
}
