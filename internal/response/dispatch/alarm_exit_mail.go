package dispatch

import (
	"context"
	"fmt"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"muster/internal/clock"
	"muster/internal/response"
	"muster/internal/response/channel"
)

// mailExit writes to one address through a mail server of the alarms' own.
type mailExit struct {
	name    string
	to      string
	gateway channel.Gateway
}

// openMailExits reads smtp://user:pass@host:port (STARTTLS) or smtps:// (TLS from
// the first byte). ?tls=none is for a relay on the same machine, ?from= names the
// sender when the user is no mail address.
func openMailExits(server string, to []*mail.Address, clk clock.Clock) ([]AlarmExit, error) {
	u, err := url.Parse(server)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, badConfig("MUSTER_ALARM_SMTP", "不是有效的邮件服务器", "smtp://用户:密码@主机:端口，特殊字符用 %XX")
	}
	password, _ := u.User.Password()
	a := channel.Account{Kind: channel.Email, Provider: "smtp", Clock: clk, Secrets: map[string]string{"password": password},
		Settings: map[string]string{"host": u.Hostname(), "port": u.Port(), "user": u.User.Username(), "tls": u.Query().Get("tls"),
			"from": sender(u, to[0].Address), "from_name": "Muster 告警"}}
	if u.Scheme == "smtps" {
		a.Settings["tls"] = "implicit"
	}
	gateway, err := channel.Open(a)
	if err != nil {
		return nil, badConfig("MUSTER_ALARM_SMTP", err.Error(), "")
	}
	var exits []AlarmExit
	for i, address := range to {
		exits = append(exits, &mailExit{name: "mail" + strconv.Itoa(i+1), to: address.Address, gateway: gateway})
	}
	return exits, nil
}

func sender(u *url.URL, otherwise string) string {
	if from := u.Query().Get("from"); from != "" {
		return from
	}
	if user := u.User.Username(); strings.Contains(user, "@") {
		return user
	}
	return otherwise
}

func (m *mailExit) Name() string { return m.name }

func (m *mailExit) Tell(ctx context.Context, list []response.Alarm, _ time.Time) error {
	var title string
	var text strings.Builder
	for i, a := range list {
		if i == 0 {
			title = mark(a) + a.Code.Label()
		}
		fmt.Fprintf(&text, "%s%s\n%s\n自 %s 起；处置见 %s\n\n", mark(a), a.Code.Label(), a.Words,
			a.OpenedAt.In(clock.Shanghai).Format("1月2日 15:04"), a.Code.Playbook())
	}
	if n := len(list); n > 1 {
		title += fmt.Sprintf(" 等%d项", n)
	}
	_, err := m.gateway.Send(ctx, channel.Message{Key: uuid.NewString(), To: m.to, Title: title, Text: strings.TrimSpace(text.String())})
	return err
}

func mark(a response.Alarm) string {
	if a.Over() {
		return "【已恢复】"
	}
	return "【告警】"
}
