package feed

import (
	"strings"
	"time"

	"muster/internal/warning"
)

// parseCAP reads a CAP message of version 1.0, 1.1 or 1.2. The order of
// elements is not required (live senders break it); what breaks a rule of the
// standard is flagged.
func parseCAP(root *element, at time.Time) Result {
	d := &draft{Message: warning.Message{
		Format: "cap",
		ID:     root.value("identifier"),
		Sender: root.value("sender"),
		Scope:  strings.ToLower(root.value("scope")),
		Note:   root.value("note"),
	}}
	d.single(root, "identifier", "sender", "sent", "status", "msgType", "scope", "references", "note")
	d.identity()
	d.readSent(root.value("sent"), at)
	d.readStatus(root.value("status"))
	d.readMsgType(root.value("msgType"))
	d.capReferences(root)
	if root.hasForeign("Signature") || root.first("Signature") != nil {
		d.flag(warning.FlagUnsigned)
	}
	if root.commented() {
		d.flag(warning.FlagCommentInText)
	}
	d.capInfos(root.all("info"))
	return d.result()
}

// single flags elements that may stand once and stand twice; the first counts.
func (d *draft) single(e *element, names ...string) {
	for _, name := range names {
		if len(e.all(name)) > 1 {
			d.flag(warning.FlagDuplicateField)
			d.hold("duplicate_field", "字段"+name+"重复出现，取第一个，请人工确认")
		}
	}
}

// identity checks what names the message. Identifier and sender must not hold
// blanks, commas, < or & (CAP 1.2, 3.2.1), because references are built of them.
func (d *draft) identity() {
	for _, name := range []string{d.ID, d.Sender} {
		if name == "" {
			d.flag(warning.FlagFieldMissing)
			d.hold("identity_missing", "缺少编号或发布者，无法与其他信息关联")
		}
		if strings.ContainsAny(name, " \t\r\n,<&") {
			d.flag(warning.FlagIDCharacters)
		}
	}
	d.NationalID = warning.NationalID(d.ID)
}

// readStatus fills the status; everything but Actual is not for dispatch.
func (d *draft) readStatus(s string) {
	d.Status = warning.Status(strings.ToLower(s))
	if !d.Status.Valid() {
		d.Status = ""
		d.flag(warning.FlagEnumUnknown)
		d.hold("status_unknown", "状态（status）缺失或无法识别")
		return
	}
	d.enumCase(s)
	switch d.Status {
	case warning.StatusExercise:
		d.ignore("exercise", "演练信息，不作实战发布")
	case warning.StatusTest:
		d.ignore("test", "测试信息，不作发布")
	case warning.StatusDraft:
		d.ignore("draft", "草稿，不作发布")
	case warning.StatusSystem:
		d.ignore("system", "系统间通信，不作发布")
	}
}

// readMsgType fills the type. Cancle is a misspelling that one national client
// sends.
func (d *draft) readMsgType(s string) {
	word := strings.ToLower(s)
	if word == "cancle" {
		word = "cancel"
		d.flag(warning.FlagEnumUnknown)
	}
	d.MsgType = warning.MsgType(word)
	if !d.MsgType.Valid() {
		d.MsgType = ""
		d.flag(warning.FlagEnumUnknown)
		d.hold("msg_type_unknown", "信息类型（msgType）缺失或无法识别")
		return
	}
	d.enumCase(s)
	if d.MsgType == warning.MsgAck || d.MsgType == warning.MsgError {
		d.ignore("machine_traffic", "系统间的回执或错误信息，不作发布")
	}
}

// enumCase flags a word whose letters are not written as the standard has them.
func (d *draft) enumCase(s string) {
	if s != strings.ToUpper(s[:1])+strings.ToLower(s[1:]) {
		d.flag(warning.FlagEnumCase)
	}
}
