package response

import (
	"time"

	"github.com/google/uuid"
)

// AlarmCode is one kind of silence where there should be a sound. Codes are
// stable: each has its page docs/playbooks/<code>.md.
type AlarmCode string

// The silences.
const (
	NoticeOverdue   AlarmCode = "notice_overdue"    // not handed over in time
	NoticeRetrying  AlarmCode = "notice_retrying"   // many are refused again and again, past their time
	LeaseOver       AlarmCode = "lease_over"        // a worker died with notices and nobody took them over
	QueueOld        AlarmCode = "queue_old"         // ready for long, not taken
	ChannelMissing  AlarmCode = "channel_missing"   // notices wait and no account is there to leave by
	ChannelFailing  AlarmCode = "channel_failing"   // a carrier refuses most of what it is given
	ClimbStopped    AlarmCode = "climb_stopped"     // clocks ran out and nobody looked
	DutyUnchecked   AlarmCode = "duty_unchecked"    // an open duty without a next look
	PushUnread      AlarmCode = "push_unread"       // receipts and replies kept, not understood
	DocumentUnread  AlarmCode = "document_unread"   // a feed's document kept, not understood
	ReplyWaiting    AlarmCode = "reply_waiting"     // replies that only a person can make sense of
	FeedSilent      AlarmCode = "feed_silent"       // a feed that should speak does not
	DeviceSilent    AlarmCode = "device_silent"     // a gate that was heard in the last days is not any more
	UpstreamFailing AlarmCode = "upstream_failing"  // a platform above takes nothing that is forwarded
	ExpiryStopped   AlarmCode = "expiry_stopped"    // warnings past their time that are still active
	DraftWaiting    AlarmCode = "draft_waiting"     // a red or orange draft that nobody decides on
	VesselEntered   AlarmCode = "vessel_entered"    // a vessel has come under a warning that does not name it
	RosterEmpty     AlarmCode = "roster_empty"      // a live warning, and nobody on duty tonight
	ClockOff        AlarmCode = "clock_off"         // our clock and the database's differ
	SchemaDiffers   AlarmCode = "schema_differs"    // the database is not of this program's version
	DatabaseDown    AlarmCode = "database_down"     // the watchdog cannot see
	AlarmExitFailed AlarmCode = "alarm_exit_failed" // alarms do not get out by one of their ways
)

var alarmLabels = map[AlarmCode]string{
	NoticeOverdue: "通知逾时未交出", NoticeRetrying: "通知反复重试", LeaseOver: "发送中断无人接手", QueueOld: "通知排队过久",
	ChannelMissing: "没有可用的通道", ChannelFailing: "通道大量失败", ClimbStopped: "升级时钟停了", DutyUnchecked: "待办没有下一次检查",
	PushUnread: "回执未读", DocumentUnread: "预警原文未读", ReplyWaiting: "回复待人工判读", FeedSilent: "数据源静默", DeviceSilent: "门禁静默", UpstreamFailing: "上级平台不收", ExpiryStopped: "到期处理停了",
	DraftWaiting: "高级别草稿无人处置", VesselEntered: "船舶驶入预警范围", RosterEmpty: "无人值班", ClockOff: "时钟不一致", SchemaDiffers: "数据库版本不符",
	DatabaseDown: "数据库不可用", AlarmExitFailed: "告警出口不通",
}

// AlarmCodes lists all codes in reading order.
func AlarmCodes() []AlarmCode {
	return []AlarmCode{NoticeOverdue, NoticeRetrying, LeaseOver, QueueOld, ChannelMissing, ChannelFailing, ClimbStopped, DutyUnchecked,
		PushUnread, DocumentUnread, ReplyWaiting, FeedSilent, DeviceSilent, UpstreamFailing, ExpiryStopped, DraftWaiting, VesselEntered, RosterEmpty, ClockOff, SchemaDiffers,
		DatabaseDown, AlarmExitFailed}
}

// Label is the Chinese name of the alarm.
func (c AlarmCode) Label() string { return alarmLabels[c] }

// Playbook is the page that says what to do, from the root of the repository.
func (c AlarmCode) Playbook() string { return "docs/playbooks/" + string(c) + ".md" }

// Finding is one silence that a round found. Code and subject together are its
// identity: as long as both are found again it is the same one.
type Finding struct {
	Code    AlarmCode
	Subject string // what is silent: mode/channel, an id, a feed; empty where there is only one
	Words   string // a sentence with the numbers of now; no personal data
}

// Alarm is a finding that people are told of, until it is no longer found.
type Alarm struct {
	ID       uuid.UUID
	Code     AlarmCode
	Subject  string
	Words    string
	OpenedAt time.Time
	SeenAt   time.Time  // found the last time
	ToldAt   *time.Time // it left by an exit the last time
	ClosedAt *time.Time
}

// Over says that the alarm has ended.
func (a Alarm) Over() bool { return a.ClosedAt != nil }

// Limits are how much silence is normal. What is longer is found.
type Limits struct {
	Overdue   time.Duration // past the time by which a notice should have been handed over
	Retrying  int           // notices past their time that carriers refuse for now
	Lease     time.Duration // past the end of a lease
	Queue     time.Duration // ready and not taken
	Window    time.Duration // over which accounts are judged
	Attempts  int           // an account with fewer attempts in the window is not judged
	FailShare float64       // share of failed attempts from which an account fails
	Climb     time.Duration // a clock that ran out and was not looked at
	Push      time.Duration
	Document  time.Duration
	Reply     time.Duration
	Upward    time.Duration // a platform above that takes nothing
	Expiry    time.Duration
	Draft     time.Duration
	Skew      time.Duration
	Blind     time.Duration // without a look at the database
	Calm      time.Duration // what is not found for so long has ended; longer than a few rounds
	Again     time.Duration // what is still open is told again
	ExitFails int           // failures in a row from which an exit is found
}

// DefaultLimits suit an installation whose workers poll twice a second. A lease
// is 30 seconds, a hand-over at most 10.
var DefaultLimits = Limits{
	Overdue: 15 * time.Second, Retrying: 5, Lease: time.Minute, Queue: 5 * time.Minute,
	Window: 5 * time.Minute, Attempts: 5, FailShare: 0.5,
	Climb: time.Minute, Push: time.Minute, Document: time.Minute, Reply: 5 * time.Minute,
	Upward: time.Hour, Expiry: time.Minute, Draft: 10 * time.Minute,
	Skew: 2 * time.Second, Blind: 30 * time.Second, Calm: 30 * time.Second, Again: 30 * time.Minute, ExitFails: 3,
}
