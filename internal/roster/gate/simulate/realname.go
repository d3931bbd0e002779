package simulate

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

// labourSystem reports by the national real-name dialect (devices.md §1), in the
// order that is forced: team, people, entry, attendance.
type labourSystem struct {
	Config
	memory
	team  json.Number
	known map[string]bool // who has been reported
}

// Send implements Device.
func (l *labourSystem) Send(ctx context.Context) error {
	if l.team == "" {
		if err := l.openTeam(ctx); err != nil {
			return err
		}
	}
	if err := l.introduce(ctx); err != nil {
		return err
	}
	return l.send(l.Batch, func(batch []seen) error {
		rows := make([]map[string]any, len(batch))
		for i, s := range batch {
			rows[i] = map[string]any{"idCardType": "01", "idCardNumber": l.seal(s.Who), "date": wall(s.At), "direction": way(s.Out, "01", "02"),
				"channel": "西门1号", "attendType": "001", "image": picture(s.n), "lng": 101.96457, "lat": 30.05528}
		}
		_, err := l.report(ctx, "WorkerAttendance.Add", map[string]any{"projectCode": l.Serial, "teamSysNo": l.team, "dataList": rows})
		return err
	})
}

func (l *labourSystem) openTeam(ctx context.Context) error {
	text, err := l.report(ctx, "Team.Add", map[string]any{"projectCode": l.Serial, "corpCode": "91000000MA0000001R", "corpName": "示例劳务有限公司", "teamName": "1号班组"})
	if err != nil {
		return err
	}
	var team struct {
		TeamSysNo json.Number `json:"teamSysNo"`
	}
	if err := json.Unmarshal([]byte(text), &team); err != nil {
		return fmt.Errorf("no teamSysNo in the result: %w", err)
	}
	l.team = team.TeamSysNo
	return nil
}

// introduce reports who is new, five at a time.
func (l *labourSystem) introduce(ctx context.Context) error {
	if l.known == nil {
		l.known = map[string]bool{}
	}
	var people, entries []map[string]any
	flush := func(most int) error {
		if len(people) == 0 || len(people) < most {
			return nil
		}
		head := func(list []map[string]any) map[string]any {
			return map[string]any{"projectCode": l.Serial, "teamSysNo": l.team, "workerList": list}
		}
		if _, err := l.report(ctx, "ProjectWorker.Add", head(people)); err != nil {
			return err
		}
		if _, err := l.report(ctx, "WorkerEntryExit.Add", head(entries)); err != nil {
			return err
		}
		people, entries = nil, nil
		return nil
	}
	for _, s := range l.waiting {
		if l.known[s.Who] {
			continue
		}
		l.known[s.Who] = true
		people = append(people, map[string]any{"workerName": "测试", "idCardType": "01", "idCardNumber": l.seal(s.Who), "workRole": "20", "workType": "020", "headImage": picture(s.n)})
		entries = append(entries, map[string]any{"idCardType": "01", "idCardNumber": l.seal(s.Who), "date": wall(s.At)[:10], "type": 1, "voucher": ""})
		if err := flush(5); err != nil {
			l.known = nil // the next time all are introduced again
			return err
		}
	}
	if err := flush(0); err != nil {
		l.known = nil
		return err
	}
	return nil
}

// report sends a report and asks for its result, which must be success.
func (l *labourSystem) report(ctx context.Context, method string, data any) (result string, err error) {
	accepted, err := l.call(ctx, method, data)
	if err != nil {
		return "", err
	}
	answer, err := l.call(ctx, "AsyncHandleResult.Query", map[string]string{"requestSerialCode": accepted["requestSerialCode"]})
	if err == nil && answer["status"] != "20" {
		err = fmt.Errorf("%s 的结果是 status %s，%s", method, answer["status"], answer["result"])
	}
	return answer["result"], err
}

func (l *labourSystem) call(ctx context.Context, method string, data any) (map[string]string, error) {
	text, err := json.Marshal(data)
	if err != nil {
		return nil, err
	}
	form := RealNameForm(l.Config, method, rand.Text(), string(text), string(text))
	answer, body, err := exchange(ctx, l.HTTP, "POST", l.URL, "application/x-www-form-urlencoded", []byte(form.Encode()), nil)
	if err != nil {
		return nil, err
	}
	var a struct {
		Code    int
		Message string
		Data    map[string]string
	}
	if err := json.Unmarshal(body, &a); err != nil || a.Code != 0 || answer.StatusCode != 200 {
		return nil, refused(answer.StatusCode, body)
	}
	return a.Data, nil
}

// RealNameForm makes a request of the dialect. The sign is made over signed, which
// a system that is right has as the data itself.
func RealNameForm(c Config, method, nonce, data, signed string) url.Values {
	form := url.Values{"appid": {c.Key}, "data": {signed}, "format": {"json"}, "method": {method}, "nonce": {nonce},
		"timestamp": {c.Clock.Now().In(china).Format("20060102150405")}, "version": {"1.0"}}
	form.Set("sign", realNameSign(form, c.Secret))
	form.Set("data", data)
	return form
}

func realNameSign(f url.Values, secret string) string {
	text := ""
	for _, name := range []string{"appid", "data", "format", "method", "nonce", "timestamp", "version"} {
		text += name + "=" + f.Get(name) + "&"
	}
	sum := sha256.Sum256([]byte(strings.ToLower(text + "appsecret=" + secret)))
	return hex.EncodeToString(sum[:])
}

// seal hides a number: AES-256-CBC, PKCS#7, the secret as key, its beginning as IV.
func (l *labourSystem) seal(number string) string {
	block, err := aes.NewCipher([]byte(l.Secret))
	if err != nil {
		return "" // the platform will say what it thinks of such a secret
	}
	pad := 16 - len(number)%16
	text := []byte(number)
	for range pad {
		text = append(text, byte(pad))
	}
	cipher.NewCBCEncrypter(block, []byte(l.Secret)[:16]).CryptBlocks(text, text)
	return base64.StdEncoding.EncodeToString(text)
}

// picture is what stands for a face: it must not be found behind the door.
func picture(n int) string {
	return base64.StdEncoding.EncodeToString([]byte(strings.Repeat(fmt.Sprintf("%s%06d", FaceMark, n), 20)))
}

// FaceMark is in every picture that a simulated device sends.
const FaceMark = "this-is-a-face-"
