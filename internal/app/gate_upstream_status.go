package app

import (
	"context"
	"fmt"

	"muster/internal/postgres"
)

type upstreamList struct {
	Data string `help:"数据目录（未配置 MUSTER_DATABASE 时）" default:"data" type:"path" env:"MUSTER_DATA"`
}

// Run lists the platforms, without secrets.
func (c *upstreamList) Run(ctx context.Context, sh shell) error {
	o, done, err := openConfigured(ctx, sh, c.Data)
	if err != nil {
		return err
	}
	defer done()
	list, err := o.db.Upstreams(ctx)
	for _, u := range list {
		sh.printf("%s\t%s\t%s\t%s\t%s\n", u.Name, u.OurCode, u.ProjectCode, u.URL, upstreamWords(u))
	}
	return err
}

// upstreamWords is how a platform is, in a word or a sentence.
func upstreamWords(u postgres.Upstream) string {
	switch {
	case u.DisabledAt != nil:
		return "已停用"
	case u.FailingSince != nil:
		return fmt.Sprintf("自 %s 起不收：%s", local(*u.FailingSince), u.Fault)
	case u.HeardAt == nil:
		return "还没有联系过"
	}
	return "正常"
}

type upstreamStatus struct {
	Name string `arg:"" help:"名称（upstream list 列出）"`
	Most int    `help:"最多列出多少条拒收的" default:"50"`
	Data string `help:"数据目录（未配置 MUSTER_DATABASE 时）" default:"data" type:"path" env:"MUSTER_DATA"`
}

// Run says how far a platform has been told and what it refused. People are named
// by their ids: the desk says who that is to whoever may know.
func (c *upstreamStatus) Run(ctx context.Context, sh shell) error {
	return withUpstream(ctx, sh, c.Data, c.Name, func(o opened, u postgres.Upstream) error {
		sh.tellUpstream(u)
		counts, err := o.db.UpstreamCounts(ctx, u.ID)
		if err != nil {
			return err
		}
		for _, n := range counts {
			sh.printf("%s\t%s\t%d 条，最早的是 %s 的\n", stageWords[n.Stage], stateWords[n.State], n.Count, local(n.Oldest))
		}
		refused, err := o.db.UpstreamRefusals(ctx, u.ID, c.Most)
		for _, r := range refused {
			person := ""
			if r.PersonID != nil {
				person = r.PersonID.String()
			}
			sh.printf("拒收\t%s\t%s\t%s\t%s\t%s\n", stageWords[r.Stage], r.Team, person, local(r.At), r.Words)
		}
		return err
	})
}

func (s shell) tellUpstream(u postgres.Upstream) {
	s.printf("%s：%s（%s），上级编码 %s，%s\n", u.Name, u.ProjectName, u.OurCode, u.ProjectCode, u.URL)
	s.printf("状态：%s\n", upstreamWords(u))
	if u.NextAt != nil {
		s.printf("失败 %d 次，下次 %s\n", u.Failures, local(*u.NextAt))
	}
	s.printf("%s 起收到的打卡，已取到 %s；上级收下 %d 条\n", local(u.FromAt), local(u.UntilAt), u.Forwarded)
	if u.NoWay+u.NoTeam > 0 {
		s.printf("没有转报：方向不明 %d 条，不在任何班组 %d 条\n", u.NoWay, u.NoTeam)
	}
}

var stageWords = map[postgres.UpstreamStage]string{postgres.UpstreamTeam: "班组", postgres.UpstreamWorker: "人员",
	postgres.UpstreamMove: "进退场", postgres.UpstreamPass: "考勤"}

var stateWords = map[string]string{"waiting": "待报", "sent": "已报，等结果", "done": "已收下", "refused": "被拒收"}
