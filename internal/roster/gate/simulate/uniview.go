package simulate

import (
	"context"
	"encoding/json"
	"time"
)

// uniview is a terminal with LAPI (devices.md §2.4): it sends a record until its
// Seq comes back, and says whether it is news or history.
type uniview struct {
	Config
	memory
}

const lapi = "/LAPI/V1.0/PACS/Controller/"

// Send implements Device.
func (u *uniview) Send(ctx context.Context) error {
	beat, err := json.Marshal(map[string]any{"RefId": "TESTREF", "Time": wall(u.Clock.Now()), "DeviceCode": u.Serial, "DeviceType": 1})
	if err != nil {
		return err
	}
	var set struct{ Data struct{ Time string } }
	if err := u.post(ctx, "HeartReportInfo", beat, &set); err != nil {
		return err
	}
	if _, err := time.Parse(time.DateTime, set.Data.Time); err != nil {
		return err // the answer sets the clock
	}
	return u.send(1, func(batch []seen) error {
		s := batch[0]
		history := 0
		if u.Clock.Now().Sub(s.At) > time.Minute {
			history = 1
		}
		body, err := json.Marshal(map[string]any{"Seq": s.n, "DeviceCode": u.Serial, "Timestamp": s.At.Unix(), "NotificationType": history, "FaceInfoNum": 1,
			"FaceInfoList": []any{map[string]any{"ID": s.n, "Timestamp": s.At.Unix(), "Temperature": 36.5, "FaceImage": map[string]any{"Data": picture(s.n)}}}, "LibMatInfoNum": 1,
			"LibMatInfoList": []any{map[string]any{"ID": s.n, "LibID": 3, "LibType": 3, "MatchStatus": 1, "MatchPersonInfo": map[string]any{"PersonCode": s.Who}}}})
		if err != nil {
			return err
		}
		var ack struct {
			Response struct {
				StatusCode int
				Data       struct{ RecordID int }
			}
		}
		if err := u.post(ctx, "Event/Notifications", body, &ack); err != nil {
			return err
		}
		if ack.Response.StatusCode != 0 || ack.Response.Data.RecordID != s.n {
			return refused(200, body)
		}
		return nil
	})
}

func (u *uniview) post(ctx context.Context, page string, body []byte, into any) error {
	answer, text, err := exchange(ctx, u.HTTP, "POST", u.URL+lapi+page, "application/json", body, nil)
	if err != nil {
		return err
	}
	if answer.StatusCode != 200 || json.Unmarshal(text, into) != nil {
		return refused(answer.StatusCode, text)
	}
	return nil
}
