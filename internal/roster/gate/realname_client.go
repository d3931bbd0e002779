package gate

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"muster/internal/clock"
	"muster/internal/errs"
)

// RealNameClient forwards upward (向上转报) by the national real-name dialect, to
// the platform that Muster plays itself in [Handler].
type RealNameClient struct {
	URL    string
	AppID  string
	Secret string // 32 characters
	HTTP   *http.Client
	Clock  clock.Clock
	Nonce  func() string // 32 hexadecimal digits, never the same twice
}

// Call sends one method and returns the data of the answer. Failures by kind:
// errs.Again the platform was not reached or is busy, the same call may be made
// later; errs.Fix it refuses the content; errs.SignIn the sign; errs.Forbidden the
// right or the address; errs.Internal it has failed itself.
func (c *RealNameClient) Call(ctx context.Context, method string, data any) (json.RawMessage, error) {
	body, err := json.Marshal(data)
	if err != nil {
		return nil, errs.New(errs.Internal, "realname_data", "不能编码 %s", method).Because(err)
	}
	fields := map[string]string{"appid": c.AppID, "data": string(body), "format": "json", "method": method, "nonce": c.Nonce(),
		"timestamp": c.Clock.Now().In(clock.Shanghai).Format("20060102150405"), "version": "1.0"}
	fields["sign"] = RealNameSign(fields, c.Secret)
	form := url.Values{}
	for name, value := range fields {
		form.Set(name, value)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, errs.New(errs.Fix, "url", "上级平台地址不对").Because(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	answer, err := c.HTTP.Do(r)
	if err != nil {
		return nil, errs.New(errs.Again, "realname_unreachable", "连不上上级平台").Because(withoutURL(err))
	}
	defer func() { _ = answer.Body.Close() }()
	return readRealNameAnswer(answer)
}

func readRealNameAnswer(answer *http.Response) (json.RawMessage, error) {
	var a struct {
		Code    loose           `json:"code"`
		Message loose           `json:"message"`
		Data    json.RawMessage `json:"data"`
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, defaultMaxBody))
	if err != nil || answer.StatusCode >= 500 || json.Unmarshal(body, &a) != nil {
		return nil, errs.New(errs.Again, "realname_answer", "上级平台回答 HTTP %d，读不懂", answer.StatusCode).Because(err)
	}
	if a.Code == "0" {
		return a.Data, nil
	}
	kinds := map[loose]errs.Kind{"-1": errs.Fix, "-2": errs.SignIn, "-3": errs.Forbidden, "-4": errs.Forbidden, "-5": errs.Again}
	kind, known := kinds[a.Code]
	if !known {
		kind = errs.Internal
	}
	return nil, errs.New(kind, "realname_"+strings.TrimPrefix(string(a.Code), "-"), "上级平台回答 %s：%s", a.Code, a.Message)
}

// Submit sends a report and returns the serial code of its result.
func (c *RealNameClient) Submit(ctx context.Context, method string, data any) (code string, err error) {
	raw, err := c.Call(ctx, method, data)
	if err != nil {
		return "", err
	}
	var a struct {
		RequestSerialCode loose `json:"requestSerialCode"`
	}
	if json.Unmarshal(raw, &a) != nil || a.RequestSerialCode == "" {
		return "", errs.New(errs.Internal, "realname_no_serial", "上级平台没有给流水号")
	}
	return string(a.RequestSerialCode), nil
}

// Result asks what became of a report. ResultFailed goes to a person: sending the
// same again will not help.
func (c *RealNameClient) Result(ctx context.Context, code string) (Result, error) {
	raw, err := c.Call(ctx, "AsyncHandleResult.Query", map[string]string{"requestSerialCode": code})
	if err != nil {
		return Result{}, err
	}
	var a struct {
		Status loose           `json:"status"`
		Result json.RawMessage `json:"result"`
	}
	if err := json.Unmarshal(raw, &a); err != nil {
		return Result{}, errs.New(errs.Again, "realname_answer", "上级平台的结果读不懂").Because(err)
	}
	text := string(a.Result)
	var plain string
	if json.Unmarshal(a.Result, &plain) == nil {
		text = plain
	}
	return Result{State: ResultState(a.Status), Text: text}, nil
}

// TeamNumber reads teamSysNo from the result of Team.Add.
func (r Result) TeamNumber() (int64, bool) {
	var a struct {
		TeamSysNo loose `json:"teamSysNo"`
	}
	if json.Unmarshal([]byte(r.Text), &a) == nil && a.TeamSysNo.int() > 0 {
		return a.TeamSysNo.int(), true
	}
	n := loose(strings.TrimSpace(r.Text)).int() // some answer the bare number
	return n, n > 0
}

// Attendance is one pass to be forwarded.
type Attendance struct {
	Document IDDocument
	At       time.Time
	Out      bool
	Channel  string
	Type     string // attendType, devices.md §1.3
}

// Attend forwards passes of one team, at most 20 in a call, in order. It returns
// the serial codes of the calls that were taken; on an error the passes from
// 20 × len(codes) on were not.
func (c *RealNameClient) Attend(ctx context.Context, project string, team int64, list []Attendance) (codes []string, err error) {
	for len(list) > 0 {
		n := min(mostAttendance, len(list))
		rows := make([]map[string]string, n)
		for i, a := range list[:n] {
			if rows[i], err = c.row(a); err != nil {
				return codes, err
			}
		}
		code, err := c.Submit(ctx, "WorkerAttendance.Add", map[string]any{"projectCode": project, "teamSysNo": team, "dataList": rows})
		if err != nil {
			return codes, err
		}
		codes, list = append(codes, code), list[n:]
	}
	return codes, nil
}

func (c *RealNameClient) row(a Attendance) (map[string]string, error) {
	number, err := RealNameSeal([]byte(c.Secret), a.Document.Number)
	if err != nil {
		return nil, err
	}
	direction := "01"
	if a.Out {
		direction = "02"
	}
	row := map[string]string{"idCardType": a.Document.kind(), "idCardNumber": number, "date": a.At.In(clock.Shanghai).Format(time.DateTime),
		"direction": direction, "attendType": a.Type}
	if a.Channel != "" {
		row["channel"] = a.Channel
	}
	return row, nil
}

// Wait asks for a result until it is no longer pending; tick is received from
// between two questions (the dialect's clients ask twice a second).
func (c *RealNameClient) Wait(ctx context.Context, code string, tick <-chan time.Time) (Result, error) {
	for {
		r, err := c.Result(ctx, code)
		if err != nil || r.State != ResultPending {
			return r, err
		}
		select {
		case <-ctx.Done():
			return r, errors.Join(errs.New(errs.Again, "realname_pending", "上级平台还没有处理完"), ctx.Err())
		case <-tick:
		}
	}
}
