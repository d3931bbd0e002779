package dispatch_test

import (
	"net"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"muster/internal/clock"
	"muster/internal/errs"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
	"muster/internal/response/channel"
	"muster/internal/response/channel/fake"
	"muster/internal/response/dispatch"
)

// postOffice is a mail server that asks its customer to sign in.
func postOffice(t *testing.T) (*fake.Carrier, string) {
	t.Helper()
	c := fake.New(fake.Options{Clock: clock.NewManual(valley.Evening), Accounts: []fake.Account{{Account: channel.Account{Kind: channel.Email, Provider: "smtp",
		Settings: map[string]string{"user": "siren@example.cn"}, Secrets: map[string]string{"password": "p@ss/word"}}}}})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g, ctx := errgroup.WithContext(t.Context())
	g.Go(func() error { return c.ServeSMTP(ctx, l, nil) })
	t.Cleanup(func() {
		_ = l.Close()
		if err := g.Wait(); err != nil {
			t.Error(err)
		}
	})
	return c, l.Addr().String()
}

func TestAlarmsGoByMailToEachAddress(t *testing.T) {
	p := newPost(t)
	office, at := postOffice(t)
	if err := office.SetPerson("gone@example.cn", fake.Person{Text: fake.Nobody, Call: fake.Ignore}); err != nil {
		t.Fatal(err)
	}
	w := p.watchdog(p.exits(dispatch.ExitConfig{SMTP: "smtp://siren%40example.cn:p%40ss%2Fword@" + at + "?tls=none", Mail: "gone@example.cn, 值班 <duty@example.cn>"}))
	p.stall()
	p.round(w, 0)
	p.unstall()
	p.round(w, 40*time.Second)
	seen, _ := office.Look(fake.Box{Kind: fake.Mailbox, Address: "duty@example.cn"})
	if len(seen.Items) != 2 {
		t.Fatalf("%+v\n%s", seen.Items, p.log)
	}
	const first = "【告警】升级时钟停了\n有1个待办到时没有人看，最早的已过2分钟：无人应答不再向上升级\n自 7月10日 21:30 起；处置见 docs/playbooks/climb_stopped.md"
	var texts []string
	for _, i := range seen.Items {
		texts = append(texts, i.Title+"|"+i.Text)
		if !strings.Contains(i.From, "siren@example.cn") {
			t.Error("from", i.From)
		}
	}
	all := strings.Join(texts, "\n")
	if !strings.Contains(all, "【告警】升级时钟停了|"+first) || !strings.Contains(all, "【已恢复】升级时钟停了|") {
		t.Error(all)
	}
	if log := p.log.String(); !strings.Contains(log, "exit=mail1") || strings.Contains(log, "@example.cn") {
		t.Error("the log should name the exit and no address:", log)
	}
}

func TestSeveralAlarmsAreOneMail(t *testing.T) {
	office, at := postOffice(t)
	exits, err := dispatch.OpenAlarmExits(dispatch.ExitConfig{SMTP: "smtp://siren%40example.cn:p%40ss%2Fword@" + at + "?tls=none", Mail: "duty@example.cn"}, clock.NewManual(valley.Evening))
	if err != nil || len(exits) != 1 {
		t.Fatal(exits, err)
	}
	list := []response.Alarm{{Code: response.QueueOld, Words: "甲"}, {Code: response.FeedSilent, Words: "乙", ClosedAt: &valley.Evening}}
	if err := exits[0].Tell(t.Context(), list, valley.Evening); err != nil {
		t.Fatal(err)
	}
	seen, _ := office.Look(fake.Box{Kind: fake.Mailbox, Address: "duty@example.cn"})
	if len(seen.Items) != 1 || seen.Items[0].Title != "【告警】通知排队过久 等2项" || !strings.Contains(seen.Items[0].Text, "【已恢复】数据源静默\n乙") {
		t.Errorf("%+v", seen.Items)
	}
}

func TestTheConfigurationOfExits(t *testing.T) {
	const mail = "duty@example.cn"
	for name, c := range map[string]struct {
		config dispatch.ExitConfig
		exits  string
		wrong  string
	}{
		"nothing":          {dispatch.ExitConfig{}, "", ""},
		"a webhook":        {dispatch.ExitConfig{URL: "https://siren.example.cn/a"}, "webhook", ""},
		"all":              {dispatch.ExitConfig{URL: "http://10.0.0.1/a", SMTP: "smtps://u:p@mail.example.cn", Mail: mail + ",b@example.cn"}, "webhook mail1 mail2", ""},
		"a relay":          {dispatch.ExitConfig{SMTP: "smtp://localhost:25?tls=none&from=muster@example.cn", Mail: mail}, "mail1", ""},
		"no address":       {dispatch.ExitConfig{URL: "siren"}, "", "MUSTER_ALARM_URL"},
		"no receiver":      {dispatch.ExitConfig{SMTP: "smtp://mail.example.cn"}, "", "MUSTER_ALARM_SMTP"},
		"no server":        {dispatch.ExitConfig{Mail: mail}, "", "MUSTER_ALARM_SMTP"},
		"another scheme":   {dispatch.ExitConfig{SMTP: "https://mail.example.cn", Mail: mail}, "", "MUSTER_ALARM_SMTP"},
		"unknown security": {dispatch.ExitConfig{SMTP: "smtp://mail.example.cn?tls=some", Mail: mail}, "", "MUSTER_ALARM_SMTP"},
		"no mailbox":       {dispatch.ExitConfig{SMTP: "smtp://mail.example.cn", Mail: "duty"}, "", "MUSTER_ALARM_MAIL"},
	} {
		t.Run(name, func(t *testing.T) {
			exits, err := dispatch.OpenAlarmExits(c.config, clock.System{})
			var names []string
			for _, e := range exits {
				names = append(names, e.Name())
			}
			if c.wrong != "" {
				if !errs.Is(err, errs.Fix) || !strings.Contains(err.Error(), c.wrong) || strings.Contains(err.Error(), "example.cn") {
					t.Errorf("%v", err)
				}
				return
			}
			if got := strings.Join(names, " "); err != nil || got != c.exits {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
	if heart, err := dispatch.OpenHeartBeat(""); heart != nil || err != nil {
		t.Error(heart, err)
	}
	if _, err := dispatch.OpenHeartBeat("ftp://x"); !errs.Is(err, errs.Fix) {
		t.Error(err)
	}
}
