package response

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/errs"
	"muster/internal/warning"
)

var watchedAt = time.Date(2026, 7, 10, 13, 30, 0, 0, time.UTC)

func since(d time.Duration) Waiting {
	t := watchedAt.Add(-d)
	return Waiting{Count: 3, Oldest: &t}
}

// Every silence is normal up to its limit and found a second later.
func TestSilenceIsFoundAfterItsLimit(t *testing.T) {
	lane := LanePulse{Mode: "actual", Channel: SMS, Open: true}
	for code, c := range map[AlarmCode]struct {
		limit time.Duration
		pulse func(w Waiting) Pulse
		words string
	}{
		NoticeOverdue:  {15 * time.Second, func(w Waiting) Pulse { lane := lane; lane.Overdue = w; return Pulse{Lanes: []LanePulse{lane}} }, "短信有3条通知到时还没有交给运营商，最早的已超16秒"},
		LeaseOver:      {time.Minute, func(w Waiting) Pulse { lane := lane; lane.Leases = w; return Pulse{Lanes: []LanePulse{lane}} }, "短信有3条通知在发送中断后无人接手，最早的已61秒"},
		QueueOld:       {5 * time.Minute, func(w Waiting) Pulse { lane := lane; lane.Ready = w; return Pulse{Lanes: []LanePulse{lane}} }, "短信有3条通知在排队，最早的已排5分钟"},
		ClimbStopped:   {time.Minute, func(w Waiting) Pulse { return Pulse{Climb: w} }, "有3个待办到时没有人看，最早的已过61秒：无人应答不再向上升级"},
		PushUnread:     {time.Minute, func(w Waiting) Pulse { return Pulse{Pushes: w} }, "有3条运营商回执或回复已收到而没有处理，最早的已61秒"},
		DocumentUnread: {time.Minute, func(w Waiting) Pulse { return Pulse{Documents: w} }, "有3份预警原文已收到而没有处理，最早的已61秒"},
		ReplyWaiting:   {5 * time.Minute, func(w Waiting) Pulse { return Pulse{Replies: w, Live: 1} }, "有3条回复要人工判读，最早的已等5分钟"},
		ExpiryStopped:  {time.Minute, func(w Waiting) Pulse { return Pulse{Overtime: w} }, "有3条预警到期后没有转为“到期未解除”，最早的已过61秒"},
		FeedSilent: {time.Hour, func(w Waiting) Pulse {
			return Pulse{Feeds: []FeedPulse{{Name: "city", Title: "市台", SilentAfter: time.Hour, HeardAt: *w.Oldest}}}
		}, "数据源“市台”已60分钟没有消息，应至少每60分钟有一次"},
		DeviceSilent: {2 * time.Hour, func(w Waiting) Pulse {
			return Pulse{Gates: []GatePulse{{Serial: "G-1", Site: "一号驻地", HeardAt: *w.Oldest, Beats: true}}}
		}, "“一号驻地”的门禁 G-1 已2小时没有声音，现场在场人数可能不准"},
		UpstreamFailing: {time.Hour, func(w Waiting) Pulse {
			return Pulse{Upstreams: []UpstreamPulse{{Name: "省平台", FailingSince: *w.Oldest}}}
		}, "上级平台“省平台”已60分钟没有收下转报的记录"},
		DraftWaiting: {10 * time.Minute, func(w Waiting) Pulse {
			return Pulse{Drafts: []DraftPulse{{Title: "暴雨", Level: warning.Red, CreatedAt: *w.Oldest}}}
		}, "红色预警草稿“暴雨”已等10分钟，无人发布或放弃"},
		ClockOff: {2 * time.Second, func(w Waiting) Pulse { return Pulse{Skew: w.Oldest.Sub(watchedAt)} }, "本机时钟与数据库相差3.0秒（或数据库应答很慢）"},
	} {
		t.Run(string(code), func(t *testing.T) {
			normal, long := c.pulse(since(c.limit)), c.pulse(since(c.limit+time.Second))
			normal.At, long.At = watchedAt, watchedAt
			if found := Judge(normal, DefaultLimits); len(found) != 0 {
				t.Errorf("at the limit: %v", found)
			}
			found := Judge(long, DefaultLimits)
			if len(found) != 1 || found[0].Code != code || found[0].Words != c.words {
				t.Errorf("a second later: %v", found)
			}
		})
	}
}

func TestWhatIsFoundByNumber(t *testing.T) {
	account := AccountPulse{ID: uuid.Max, Name: "甲", Mode: "exercise", Channel: Voice}
	for name, c := range map[string]struct {
		pulse Pulse
		want  AlarmCode
	}{
		"few refused":              {Pulse{Lanes: []LanePulse{{Retrying: 4}}}, ""},
		"many refused":             {Pulse{Lanes: []LanePulse{{Retrying: 5}}}, NoticeRetrying},
		"nothing to send":          {Pulse{Lanes: []LanePulse{{}}}, ""},
		"no account":               {Pulse{At: watchedAt, Lanes: []LanePulse{{Ready: since(0)}}}, ChannelMissing},
		"too few attempts":         {Pulse{Accounts: []AccountPulse{counted(account, 4, 4)}}, ""},
		"less than half failed":    {Pulse{Accounts: []AccountPulse{counted(account, 5, 2)}}, ""},
		"half failed":              {Pulse{Accounts: []AccountPulse{counted(account, 6, 3)}}, ChannelFailing},
		"forgotten duties":         {Pulse{Unchecked: 1}, DutyUnchecked},
		"replies in peace":         {Pulse{At: watchedAt, Replies: since(time.Hour)}, ""},
		"nobody on duty":           {Pulse{Unmanned: []Unmanned{{Name: "县局"}}}, RosterEmpty},
		"a clock behind ours":      {Pulse{Skew: -3 * time.Second}, ClockOff},
		"what waits in the future": {Pulse{At: watchedAt, Climb: since(-time.Hour)}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			found := Judge(c.pulse, DefaultLimits)
			if (c.want == "") != (len(found) == 0) || c.want != "" && found[0].Code != c.want {
				t.Errorf("found %v", found)
			}
		})
	}
}

func counted(a AccountPulse, attempts, failed int) AccountPulse {
	a.Attempts, a.Failed = attempts, failed
	return a
}

func TestBlindness(t *testing.T) {
	for _, c := range []struct {
		err  error
		want Finding
	}{
		{errs.New(errs.Fix, "schema_version", "数据库结构是第 9 版"), Finding{SchemaDiffers, "", "数据库结构是第 9 版"}},
		{errs.New(errs.Down, "database_down", "数据库没有应答").Because(errors.New("secret host")), Finding{DatabaseDown, "", "看守程序读写不了数据库：数据库没有应答"}},
		{errors.New("disk full"), Finding{DatabaseDown, "", "看守程序读写不了数据库：系统内部错误"}},
	} {
		if got := Blind(c.err); got != c.want {
			t.Errorf("%v: %v", c.err, got)
		}
	}
}

func TestSpansInWords(t *testing.T) {
	for d, want := range map[time.Duration]string{1500 * time.Millisecond: "1.5秒", 90 * time.Second: "90秒", 5*time.Minute + time.Second: "5分钟",
		3 * time.Hour: "3小时", 50 * time.Hour: "2天"} {
		if got := span(d); got != want {
			t.Errorf("%s: %s", d, got)
		}
	}
}

// headings are the parts of a page for a person who was just woken up.
var headings = []string{"## 含义", "## 危及什么", "## 先看", "## 处置", "## 何时算恢复"}

func TestEveryAlarmHasItsPage(t *testing.T) {
	const dir = "../../docs/playbooks"
	index, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range AlarmCodes() {
		raw, err := os.ReadFile(filepath.Join("../..", code.Playbook()))
		if err != nil {
			t.Error(err)
			continue
		}
		page := string(raw)
		if want := "# " + code.Label() + " `" + string(code) + "`\n"; !strings.HasPrefix(page, want) {
			t.Errorf("%s does not begin with %q", code, want)
		}
		at := 0
		for _, h := range headings {
			i := strings.Index(page[at:], "\n"+h+"\n")
			if i < 0 {
				t.Errorf("%s has no %q in its place", code, h)
				continue
			}
			at += i
		}
		if n := strings.Count(page, "\n"); n > 40 {
			t.Errorf("%s has %d lines", code, n)
		}
		if line := "[" + code.Label() + "](" + string(code) + ".md)"; strings.Count(string(index), line) != 1 {
			t.Errorf("the index does not have %s once", line)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".md")
		if name != "README" && !slices.Contains(AlarmCodes(), AlarmCode(name)) {
			t.Errorf("%s is the page of no alarm", f)
		}
	}
	if len(AlarmCodes()) != len(alarmLabels) {
		t.Errorf("%d codes, %d labels", len(AlarmCodes()), len(alarmLabels))
	}
}
