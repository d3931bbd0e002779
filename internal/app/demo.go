package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/demo"
	"muster/internal/postgres"
	"muster/internal/roster"
	"muster/internal/warning"
)

type demoCommand struct {
	Cities   int    `help:"市州数" default:"21"`
	Projects int    `help:"项目数" default:"60"`
	Sections int    `help:"合同段数" default:"200"`
	Sites    int    `help:"点位数" default:"1500"`
	People   int    `help:"人数" default:"20000"`
	Seed     uint64 `help:"随机种子：相同则数据相同" default:"1"`
	Data     string `help:"数据目录（未配置 MUSTER_DATABASE 时）" default:"data" type:"path" env:"MUSTER_DATA"`
}

// Run loads the demonstration into an empty database.
func (c *demoCommand) Run(ctx context.Context, sh shell) error {
	o, done, err := openConfigured(ctx, sh, c.Data)
	if err != nil {
		return err
	}
	defer done()
	s := service{opened: o, clock: sh.clock, log: sh.log}
	in := intake{o.db, sh.log}
	if err := s.prepare(ctx, in, sh.clock.Now()); err != nil {
		return err
	}
	return s.loadDemo(ctx, sh, demo.Options{Seed: c.Seed, At: sh.clock.Now(), Cities: c.Cities, Projects: c.Projects,
		Sections: c.Sections, Sites: c.Sites, People: c.People})
}

// The demonstration's secrets are none: they are printed, and open invented data
// on this machine only.
const (
	demoPassword = "muster-demo"
	demoFeed     = "demo"
	demoFeedKey  = "demo-feed-key"
)

// demonstrate loads the demonstration when the database is empty and keeps it
// alive: passes go on, and the stormy evening waits in the inbox.
func (s *service) demonstrate(ctx context.Context, sh shell) error {
	s.demo = true
	at := s.clock.Now()
	in := intake{s.db, s.log}
	if err := s.prepare(ctx, in, at); err != nil {
		return err
	}
	there, err := s.db.DemoLoaded(ctx)
	if err != nil {
		return err
	}
	if !there {
		if err := s.loadDemo(ctx, sh, demo.Province(at)); err != nil {
			return err
		}
	}
	s.also = append(s.also, s.replay)
	return nil
}

func (s *service) loadDemo(ctx context.Context, sh shell, opt demo.Options) error {
	began := time.Now()
	data := demo.Generate(opt)
	if err := s.db.LoadDemo(ctx, s.sealer, data, func(step string) { sh.printf("装入演示数据：%s\n", step) }); err != nil {
		return err
	}
	if err := s.tidy(ctx); err != nil {
		return err
	}
	sh.printf("装入演示数据：账号、数据源、风雨之夜\n")
	if err := s.demoUsers(ctx, data.Users, opt.At); err != nil {
		return err
	}
	if err := s.db.CreateFeed(ctx, demoFeed, "演示气象台", demoFeedKey, true, opt.At); err != nil {
		return err
	}
	if err := s.demoStanding(ctx, opt.At); err != nil {
		return err
	}
	if err := s.storm(ctx, opt.At); err != nil {
		return err
	}
	sh.printf("演示数据已装入：%d 个项目、%d 个合同段、%d 个点位、%d 人（%.1f 秒）\n",
		len(data.Projects), len(data.Sections), len(data.Sites), len(data.People), time.Since(began).Seconds())
	return nil
}

func (s *service) demoUsers(ctx context.Context, users []demo.User, at time.Time) error {
	hash := account.HashPassword(demoPassword)
	by := postgres.Actor{Name: "demo"}
	for _, u := range users {
		id, err := s.db.CreateUser(ctx, postgres.NewUser{Login: u.Login, Title: u.Title, PasswordHash: hash, Role: u.Role,
			Place: postgres.GrantPlace{Authority: u.AuthorityID, Project: u.ProjectID, Section: u.SectionID, Site: u.SiteID}}, by, at)
		if err == nil && u.PersonID != uuid.Nil {
			err = s.db.LinkPerson(ctx, id, u.PersonID, by, at)
		}
		if err != nil {
			return err
		}
	}
	_, err := s.db.OpenFieldUsers(ctx, by, at)
	return err
}

// demoStanding is what the leader of the province has signed for: quiet warnings
// go out by themselves after five minutes.
func (s *service) demoStanding(ctx context.Context, at time.Time) error {
	leader, err := s.db.UserByLogin(ctx, "leader")
	if err != nil {
		return err
	}
	top, err := s.db.TopAuthority(ctx)
	if err != nil {
		return err
	}
	_, err = s.db.SignStanding(ctx, postgres.Standing{AuthorityID: top.ID, Title: "蓝色预警自动转发（示例）", Hazards: []warning.Hazard{warning.Rain, warning.Geohazard, warning.Fire},
		Levels: []warning.Level{warning.Blue}, Sources: []string{demoFeed}, MaxKM2: 20_000, MaxSites: 500, DelayMinutes: 5, ValidFrom: at.Add(-time.Hour),
		ValidUntil: at.AddDate(0, 6, 0), Words: "演示：只转发阅知和加密巡查"}, postgres.Actor{ID: leader.ID, Name: leader.Login}, postgres.Once{}, at)
	return err
}

// storm is the beginning of the stormy evening: a CAP message and one of the
// national system. Its update and its lift are for the visitor to send.
func (s *service) storm(ctx context.Context, at time.Time) error {
	in := intake{s.db, s.log}
	for _, document := range demo.Storm(at) {
		if _, err := in.Receive(ctx, demoFeed, "application/xml", document.Body, at); err != nil {
			return err
		}
	}
	return nil
}

// replayEvery paces the passes that keep the demonstration's headcounts moving.
const replayEvery = 700 * time.Millisecond

// replay sends yesterday's passes again with the present time, one at a time,
// over and over: people come and go on the map while somebody looks at it.
func (s *service) replay(ctx context.Context) error {
	tick := time.NewTicker(replayEvery)
	defer tick.Stop()
	for n := 0; ; {
		day, err := s.db.SomePasses(ctx, 2000)
		if err != nil {
			s.log.Warn("demonstration replay paused", "err", err)
		}
		for _, p := range day {
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
			}
			n++
			at := s.clock.Now()
			p.DeviceTime, p.ReceivedAt, p.EventKey = at, at, fmt.Sprintf("replay-%s-%d", uuid.NewString()[:8], n)
			if _, err := s.db.FlushPasses(ctx, postgres.PassBatch{Device: postgres.Device{ID: p.DeviceID, Purpose: "presence"}, At: at,
				Passes: []roster.Pass{p}}); err != nil && ctx.Err() == nil {
				s.log.Warn("demonstration pass not stored", "err", err)
			}
		}
		if len(day) == 0 {
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(time.Minute):
			}
		}
	}
}

// demoPhone is the number by which the visitor signs in to the field page as the
// site lead.
func (s *service) demoPhone(ctx context.Context) string {
	person, sealed, err := s.db.PhoneOfLogin(ctx, "site")
	if err != nil {
		return ""
	}
	phone, err := s.sealer.Open("person", "phone", person.String(), sealed)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("现场页面：%s/f （驻地负责人的手机号 %s，验证码在模拟运营商的页面上）\n", s.base, phone)
}

func demoAccounts(base string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "演示账号（密码都是 %s）：\n", demoPassword)
	for _, u := range [][2]string{{"province", "省厅值班员"}, {"leader", "省厅带班领导"}, {"yaan", "雅安市值班员"}, {"shimian", "石棉县值班员"},
		{"section", "合同段负责人"}, {"site", "驻地负责人"}, {"supervisor", "驻地监理"}, {"owner", "项目公司"},
		{"auditor", "审计管理员"}, {"security", "安全管理员"}, {"system", "系统管理员"}} {
		fmt.Fprintf(&b, "  %-11s %s\n", u[0], u[1])
	}
	fmt.Fprintf(&b, "推送一份预警：curl -H 'Authorization: Bearer %s' --data-binary @预警.xml %s/api/v1/feeds/%s/messages\n", demoFeedKey, base, demoFeed)
	b.WriteString("风雨之夜的后续：bin/muster storm update | bin/muster ingest --source demo - （再用 lift 解除）\n")
	return b.String()
}
