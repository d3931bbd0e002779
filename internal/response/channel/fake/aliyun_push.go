package fake

import (
	"net/http"
	"strconv"
	"time"

	"muster/internal/clock"
	"muster/internal/response/channel"
)

// aliyunPush makes Aliyun's HTTP pushes: receipts, replies and calls each as an
// array of their own kind.
func aliyunPush(to Account, what []Happening) []*http.Request {
	var receipts, replies, calls []map[string]any
	for _, h := range what {
		switch {
		case h.Item.Kind == channel.Voice:
			calls = append(calls, aliyunCalls(h)...)
		case h.Kind == channel.Reply:
			replies = append(replies, map[string]any{"phone_number": h.Phone, "send_time": local(h.At), "content": h.Text,
				"sign_name": to.Settings["sign_name"], "dest_code": "0001", "sequence_id": h.EventID})
		default:
			receipts = append(receipts, aliyunReceipt(h))
		}
	}
	var list []*http.Request
	for _, batch := range [][]map[string]any{receipts, replies, calls} {
		if len(batch) > 0 {
			list = append(list, pushJSON(to.Callback, batch)...)
		}
	}
	return list
}

func aliyunReceipt(h Happening) map[string]any {
	code, text := "DELIVERED", "用户接收成功"
	switch h.Reason {
	case SwitchedOff:
		code, text = "IS_CLOSED", "短信接收号码关机"
	case NoNumber:
		code, text = "MOBILE_NOT_ON_SERVICE", "空号"
	}
	return map[string]any{"phone_number": h.Phone, "send_time": local(h.Item.At), "report_time": local(h.At), "success": h.Kind == channel.Delivered,
		"err_code": code, "err_msg": text, "sms_size": "1", "biz_id": h.Item.ID + "^0", "out_id": h.Item.Key}
}

var aliyunCallStatus = map[Reason]string{SwitchedOff: "200010", NoNumber: "200012", NoAnswer: "200003", Engaged: "200002"}

// aliyunCalls is the report of a call, after the key pressed in it if there was one.
func aliyunCalls(h Happening) []map[string]any {
	id := h.Item.ID + "^1"
	seconds := 0
	status := aliyunCallStatus[h.Reason]
	if !h.Call.Answered.IsZero() {
		seconds = int(h.Call.Ended.Sub(h.Call.Answered) / time.Second)
		if status = "200001"; h.Call.HeardAll || h.Digit != "" {
			status = "200000" // an interactive call ends well after any key
		}
	}
	report := map[string]any{"call_id": id, "out_id": h.Item.Key, "originate_time": local(h.Call.Dialled), "start_time": local(h.Call.Answered),
		"end_time": local(h.Call.Ended), "duration": strconv.Itoa(seconds), "callee": h.Phone, "caller": h.Item.From,
		"status_code": status, "status_msg": string(h.Reason), "voice_type": "voice", "dtmf": h.Digit}
	if h.Digit == "" {
		return []map[string]any{report}
	}
	pressed := map[string]any{"call_id": id, "out_id": h.Item.Key, "status_code": "300000", "status_time": local(h.Call.Pressed), "dtmf": h.Digit}
	return []map[string]any{pressed, report}
}

// local is a time as the providers write it, in Beijing; "" for one that is not.
func local(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(clock.Shanghai).Format(time.DateTime)
}
