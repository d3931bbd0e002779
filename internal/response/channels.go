package response

// Channel is a way to reach somebody (通道).
type Channel string

// The ways. App is the product's own screen and wakes nobody; Hand is a person at
// the desk who dials.
const (
	Voice   Channel = "voice"   // 语音电话
	SMS     Channel = "sms"     // 短信
	Robot   Channel = "robot"   // 群机器人
	WeChat  Channel = "wechat"  // 微信订阅消息
	Email   Channel = "email"   // 电子邮件
	Webhook Channel = "webhook" // signed HTTP call to another system
	Horn    Channel = "horn"    // 现场广播
	App     Channel = "app"     // 站内
	Hand    Channel = "hand"    // 人工叫应
)

var channelLabels = map[Channel]string{
	Voice: "语音电话", SMS: "短信", Robot: "群机器人", WeChat: "微信", Email: "邮件", Webhook: "系统对接",
	Horn: "现场广播", App: "站内", Hand: "人工叫应",
}

// Channels lists the channels in reading order.
func Channels() []Channel {
	return []Channel{Voice, SMS, Robot, WeChat, Email, Webhook, Horn, App, Hand}
}

// Label is the Chinese word of the channel.
func (c Channel) Label() string { return channelLabels[c] }

// ToUnit says whether the channel reaches a unit's group, horn or system instead
// of a person.
func (c Channel) ToUnit() bool { return c == Robot || c == Horn || c == Webhook }

// Wakes says whether the channel can be expected to wake somebody.
func (c Channel) Wakes() bool { return c == Voice || c == Horn || c == Hand }
