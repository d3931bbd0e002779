package response

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"muster/internal/errs"
)

// Judge says which silences in a pulse are longer than normal, by code and
// subject.
func Judge(p Pulse, l Limits) []Finding {
	j := judgement{at: p.At, limits: l}
	for _, lane := range p.Lanes {
		j.lane(lane)
	}
	for _, a := range p.Accounts {
		j.account(a)
	}
	j.clocks(p)
	j.inward(p)
	for _, f := range p.Feeds {
		j.feed(f)
	}
	j.gates(p.Gates)
	for _, u := range p.Upstreams {
		j.upstream(u)
	}
	j.people(p)
	if p.Skew.Abs() > l.Skew {
		j.add(ClockOff, "", "本机时钟与数据库相差%s（或数据库应答很慢）", span(p.Skew.Abs()))
	}
	slices.SortFunc(j.found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Subject, b.Subject))
	})
	return j.found
}

// Blind is what is found when nothing can be seen: the database is of another
// version, or it is away.
func Blind(err error) Finding {
	if e, ok := errors.AsType[*errs.Error](err); ok && e.Kind == errs.Fix {
		return Finding{SchemaDiffers, "", e.Text}
	}
	return Finding{DatabaseDown, "", "看守程序读写不了数据库：" + errs.TextOf(err)}
}

type judgement struct {
	at     time.Time
	limits Limits
	found  []Finding
}

func (j *judgement) add(code AlarmCode, subject, format string, args ...any) {
	j.found = append(j.found, Finding{code, subject, fmt.Sprintf(format, args...)})
}

// waits adds a finding when something has been waiting for longer than the
// limit; the format gets the number and the age.
func (j *judgement) waits(code AlarmCode, subject string, w Waiting, limit time.Duration, format string) {
	if age := w.Age(j.at); age > limit {
		j.add(code, subject, format, w.Count, span(age))
	}
}

func (j *judgement) lane(l LanePulse) {
	subject, name := l.Mode+"/"+string(l.Channel), laneName(l.Mode, l.Channel)
	j.waits(NoticeOverdue, subject, l.Overdue, j.limits.Overdue, name+"有%d条通知到时还没有交给运营商，最早的已超%s")
	j.waits(LeaseOver, subject, l.Leases, j.limits.Lease, name+"有%d条通知在发送中断后无人接手，最早的已%s")
	j.waits(QueueOld, subject, l.Ready, j.limits.Queue, name+"有%d条通知在排队，最早的已排%s")
	if l.Retrying >= j.limits.Retrying {
		j.add(NoticeRetrying, subject, "%s有%d条通知已过交出时限，被运营商拒收后仍在重试", name, l.Retrying)
	}
	if l.Ready.Count > 0 && !l.Open {
		j.add(ChannelMissing, subject, "%s有%d条通知待发，但没有启用的通道账号", name, l.Ready.Count)
	}
}

func (j *judgement) account(a AccountPulse) {
	if a.Attempts < j.limits.Attempts || float64(a.Failed) < j.limits.FailShare*float64(a.Attempts) {
		return
	}
	j.add(ChannelFailing, a.ID.String(), "%s账号“%s”最近%s交出%d次，失败%d次", laneName(a.Mode, a.Channel), a.Name, span(j.limits.Window),
		a.Attempts, a.Failed)
}

func (j *judgement) clocks(p Pulse) {
	j.waits(ClimbStopped, "", p.Climb, j.limits.Climb, "有%d个待办到时没有人看，最早的已过%s：无人应答不再向上升级")
	j.waits(ExpiryStopped, "", p.Overtime, j.limits.Expiry, "有%d条预警到期后没有转为“到期未解除”，最早的已过%s")
	if p.Unchecked > 0 {
		j.add(DutyUnchecked, "", "有%d个未办结的待办没有下一次检查时间", p.Unchecked)
	}
}

func (j *judgement) inward(p Pulse) {
	j.waits(PushUnread, "", p.Pushes, j.limits.Push, "有%d条运营商回执或回复已收到而没有处理，最早的已%s")
	j.waits(DocumentUnread, "", p.Documents, j.limits.Document, "有%d份预警原文已收到而没有处理，最早的已%s")
	if p.Live > 0 {
		j.waits(ReplyWaiting, "", p.Replies, j.limits.Reply, "有%d条回复要人工判读，最早的已等%s")
	}
}

func (j *judgement) feed(f FeedPulse) {
	if quiet := j.at.Sub(f.HeardAt); quiet > f.SilentAfter {
		j.add(FeedSilent, f.Name, "数据源“%s”已%s没有消息，应至少每%s有一次", f.Title, span(quiet), span(f.SilentAfter))
	}
}

func (j *judgement) upstream(u UpstreamPulse) {
	if away := j.at.Sub(u.FailingSince); away > j.limits.Upward {
		j.add(UpstreamFailing, u.ID.String(), "上级平台“%s”已%s没有收下转报的记录", u.Name, span(away))
	}
}

func (j *judgement) people(p Pulse) {
	for _, d := range p.Drafts {
		if age := j.at.Sub(d.CreatedAt); age > j.limits.Draft {
			j.add(DraftWaiting, d.ID.String(), "%s预警草稿“%s”已等%s，无人发布或放弃", d.Level.Label(), d.Title, span(age))
		}
	}
	for _, v := range p.Vessels {
		j.add(VesselEntered, v.WarningID.String()+"/"+v.SiteID.String(), "施工船舶“%s”已驶入%s预警“%s”的范围，还不是它的受影响点位，没有人通知它", v.Name, v.Level.Label(), v.Title)
	}
	for _, a := range p.Unmanned {
		j.add(RosterEmpty, a.ID.String(), "“%s”辖区内有预警在生效，值班表上此刻无人", a.Name)
	}
}

func laneName(mode string, c Channel) string {
	if mode == "exercise" {
		return "演练·" + c.Label()
	}
	return c.Label()
}

// span is a duration in words, rounded down to its largest unit.
func span(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f秒", d.Seconds())
	case d < 2*time.Minute:
		return fmt.Sprintf("%d秒", d/time.Second)
	case d < 2*time.Hour:
		return fmt.Sprintf("%d分钟", d/time.Minute)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d小时", d/time.Hour)
	}
	return fmt.Sprintf("%d天", d/(24*time.Hour))
}
