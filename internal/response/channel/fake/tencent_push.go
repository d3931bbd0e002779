package fake

import (
	"net/http"
	"strconv"
	"time"

	"muster/internal/response/channel"
)

// tencentPushSMS makes one request with all receipts, and one for each reply.
func tencentPushSMS(to Account, what []Happening) []*http.Request {
	var receipts []map[string]any
	var list []*http.Request
	for _, h := range what {
		if h.Kind == channel.Reply {
			list = append(list, pushJSON(to.Callback, map[string]any{"extend": "", "mobile": h.Phone, "nationcode": "86",
				"sign": to.Settings["sign_name"], "text": h.Text, "time": h.At.Unix()})...)
			continue
		}
		receipts = append(receipts, tencentReceipt(h))
	}
	if len(receipts) > 0 {
		list = append(pushJSON(to.Callback, receipts), list...)
	}
	return list
}

func tencentReceipt(h Happening) map[string]any {
	status, code, text := "SUCCESS", "DELIVRD", "用户短信送达成功"
	if h.Kind == channel.Failed {
		status, code, text = "FAIL", "UNDELIV", reasonWords[h.Reason]
	}
	return map[string]any{"user_receive_time": local(h.At), "nationcode": "86", "mobile": h.Phone,
		"report_status": status, "errmsg": code, "description": text, "sid": h.Item.ID}
}

var tencentReasons = map[Reason]int{SwitchedOff: 5, NoNumber: 8, NoAnswer: 3, Engaged: 4}

// tencentPushVoice makes one request for each thing: the key, the end, the reason.
func tencentPushVoice(to Account, what []Happening) []*http.Request {
	var list []*http.Request
	for _, h := range what {
		base := func() map[string]any {
			return map[string]any{"callid": h.Item.ID, "call_from": "", "mobile": h.Phone, "nationcode": "86"}
		}
		if h.Digit != "" {
			key := base()
			key["keypress"] = h.Digit
			list = append(list, pushJSON(to.Callback, map[string]any{"voicekey_callback": key})...)
		}
		if h.Kind == channel.Failed {
			failure := base()
			failure["failure_code"], failure["failure_reason"] = tencentReasons[h.Reason], reasonWords[h.Reason]
			list = append(list, pushJSON(to.Callback, map[string]any{"voice_failure_callback": failure})...)
			continue
		}
		end := base()
		end["result"], end["fee"] = "0", "1"
		end["start_calltime"], end["accept_time"], end["end_calltime"] = stamp(h.Call.Dialled), stamp(h.Call.Answered), stamp(h.Call.Ended)
		list = append(list, pushJSON(to.Callback, map[string]any{"voiceprompt_callback": end})...)
	}
	return list
}

func stamp(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }
