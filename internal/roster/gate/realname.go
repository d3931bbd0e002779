package gate

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"muster/internal/errs"
)

// mountRealName mounts the national real-name dialect (全国建筑工人管理服务信息平台)
// as a server: a labour system that reports there is given another address.
func (h *handler) mountRealName(mux *http.ServeMux) {
	rt := route{protocol: RealName, take: realName, refuse: realNameRefuse}
	mux.HandleFunc("POST /gate/realname/{token}", h.on(rt))
	mux.HandleFunc("POST /gate/realname/{token}/{rest...}", h.on(rt))
}

// realNameSlack is how far the time of a request may be from ours.
const realNameSlack = 10 * time.Minute

// realNameCall is a request that was signed by its sender.
type realNameCall struct {
	*visit
	method string
	data   json.RawMessage // without faces
}

type realNameAnswer struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Data    any    `json:"data"`
}

// realName checks sign, time and nonce over the form as it came, keeps it, and
// does what the method asks.
func realName(v *visit) error {
	fields := formFields(v.body)
	if err := v.realNameSigned(fields); err != nil {
		return err
	}
	if err := v.keep(); err != nil {
		return err
	}
	c := realNameCall{visit: v, method: fields["method"], data: json.RawMessage(formFields(v.clean)["data"])}
	if !isJSON(string(c.data)) {
		return errs.New(errs.Fix, "data", "[data]不是 JSON 对象")
	}
	does, known := realNameMethods[c.method]
	switch {
	case known:
	case strings.HasSuffix(c.method, ".Query"):
		does = realNameNothing
	default:
		return errs.New(errs.Fix, "method", "[method]不存在：%s", tame(c.method))
	}
	data, err := does(c)
	if err != nil {
		return err
	}
	answer := realNameAnswer{Data: data}
	if c.method == attendanceAdd {
		answer.Message = v.shows().words() // the only place in the dialect for a text that is no error
	}
	answerJSON(v.w, http.StatusOK, "application/json", answer)
	return nil
}

// attendanceAdd is the method that brings passes.
const attendanceAdd = "WorkerAttendance.Add"

// realNameMethods are those that are understood; reports that Muster has no use
// for are kept and answered, because labour systems send them in a fixed order
// and stop at the first that fails.
var realNameMethods = map[string]func(realNameCall) (any, error){
	"AsyncHandleResult.Query": realNameResult,
	"CheckSign.Query":         func(realNameCall) (any, error) { return nil, nil },
	"Team.Add":                realNameTeam,
	"Team.Update":             realNameTeam,
	"ProjectWorker.Add":       realNameWorkers,
	"ProjectWorker.Update":    realNameWorkers,
	"WorkerEntryExit.Add":     realNameMoves,
	attendanceAdd:             realNameAttendance,

	"Corp.Upload": realNameKept, "Project.Add": realNameKept, "Project.Update": realNameKept, "Project.PartUpdate": realNameKept,
	"ProjectSubContractor.Add": realNameKept, "ProjectSubContractor.Update": realNameKept, "WorkerContract.Add": realNameKept,
	"Payroll.Add": realNameKept, "ProjectTraining.Add": realNameKept, "TempExit.Add": realNameKept,
}

func realNameKept(c realNameCall) (any, error) {
	return c.settle(Result{State: ResultDone, Text: "成功（本平台只留存，不使用这类数据）"})
}

// realNameNothing answers queries for what Muster does not give out.
func realNameNothing(realNameCall) (any, error) {
	return map[string]any{"pageIndex": 0, "pageSize": 0, "totalCount": 0, "rows": []any{}}, nil
}

func (v *visit) realNameSigned(fields map[string]string) error {
	for _, name := range []string{"appid", "data", "method", "nonce", "sign", "timestamp"} {
		if fields[name] == "" {
			return errs.New(errs.Fix, "field_missing", "[%s]不能为空；正文应为 application/x-www-form-urlencoded", name)
		}
	}
	if v.device.KeyID != "" && fields["appid"] != v.device.KeyID {
		return errs.New(errs.SignIn, "appid", "[appid]与这个地址不符")
	}
	if len(v.device.Secret) == 0 {
		return errs.New(errs.SignIn, "no_secret", "没有登记 appsecret")
	}
	if secret := string(v.device.Secret); !sameSign(fields["sign"], RealNameSign(fields, secret)) {
		return errs.New(errs.SignIn, "signature", "签名错误：%s", realNameMistake(fields, secret))
	}
	sent, err := time.ParseInLocation("20060102150405", fields["timestamp"], v.device.zone())
	if err != nil {
		return errs.New(errs.Fix, "timestamp", "[timestamp]格式应为 yyyyMMddHHmmss，北京时间")
	}
	if off := sent.Sub(v.at); off.Abs() > realNameSlack {
		return errs.New(errs.SignIn, "signature_time", "[timestamp]与服务器相差 %s，超过 10 分钟；%s", off.Abs().Round(time.Second), clockHint(off))
	}
	fresh, err := v.h.Once(v.ctx(), v.device, fields["nonce"], sent.Add(realNameSlack))
	if err == nil && !fresh {
		err = errs.New(errs.SignIn, "nonce_replayed", "[nonce]已经用过；每次请求（包括重发）都要换新的随机数")
	}
	return err
}

// settle stores a result and answers with the serial code under which it is asked for.
func (c realNameCall) settle(r Result) (any, error) {
	word := strings.ToLower(strings.ReplaceAll(c.method, ".", "-"))
	code := fmt.Sprintf("%s-%s-1-%s", word, c.at.In(c.device.zone()).Format("2006010215"), strings.ReplaceAll(c.raw.String(), "-", ""))
	if err := c.h.Settle(c.ctx(), c.device, code, r, c.at); err != nil {
		return nil, err
	}
	return map[string]string{"requestSerialCode": code}, nil
}

func realNameResult(c realNameCall) (any, error) {
	var q struct {
		RequestSerialCode loose `json:"requestSerialCode"`
	}
	if err := json.Unmarshal(c.data, &q); err != nil || q.RequestSerialCode == "" {
		return nil, errs.New(errs.Fix, "serial_missing", "[requestSerialCode]不能为空")
	}
	r, err := c.h.Result(c.ctx(), c.device, string(q.RequestSerialCode))
	if errs.Is(err, errs.NotFound) {
		return nil, errs.New(errs.Fix, "serial_unknown", "[requestSerialCode]值超出范围或无效!")
	}
	return map[string]string{"status": string(r.State), "result": r.Text}, err
}

// realNameRefuse answers with the dialect's codes (devices.md §1.2). Labour
// systems try again after -5 and when the request itself failed; so what may work
// later also has a status that says so.
func realNameRefuse(w http.ResponseWriter, err error) {
	status, code := http.StatusOK, 9999
	e, _ := errors.AsType[*errs.Error](err)
	switch kind := errs.KindOf(err); {
	case e != nil && (strings.HasPrefix(e.Code, "signature") || strings.HasPrefix(e.Code, "nonce")):
		code = -2
	case e != nil && e.Code == "address":
		code = -4
	case e != nil && e.Code == codeTooLarge, kind == errs.Fix, kind == errs.Unsafe:
		code = -1
	case kind == errs.Limit:
		code = -5
	case kind == errs.SignIn, kind == errs.Held, kind == errs.Forbidden:
		code = -3
	default:
		status = statusOf(err)
	}
	answerJSON(w, status, "application/json", realNameAnswer{Code: code, Message: errs.TextOf(err)})
}
