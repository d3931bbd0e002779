package gate_test

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"muster/internal/errs"
	"muster/internal/reftest"
	"muster/internal/roster"
	"muster/internal/roster/gate"
	"muster/internal/roster/gate/gatetest"
)

const (
	appID     = "appid_demo_0001"
	appSecret = "0123456789abcdefFEDCBA9876543210" // that of the published vector
	realPath  = "/gate/realname/t0ken"
	formKind  = "application/x-www-form-urlencoded"
	specimen  = "34052419800101001X" // the example of GB 11643
)

func realNameHouse(t *testing.T) *house {
	return open(t, gate.RealName, func(r *gatetest.Registered) { r.KeyID, r.Secret = appID, []byte(appSecret) })
}

// call sends a method with a right sign and a new nonce.
func (h *house) call(method, data string) (code int, message string, answer map[string]string) {
	h.t.Helper()
	return h.form(signedForm(method, data, fmt.Sprintf("%032d", len(h.door.Raws)+1), h.clock.Now()))
}

func signedForm(method, data, nonce string, at time.Time) map[string]string {
	f := map[string]string{"appid": appID, "data": data, "format": "json", "method": method, "nonce": nonce,
		"timestamp": at.In(time.FixedZone("", 8*3600)).Format("20060102150405"), "version": "1.0"}
	f["sign"] = gate.RealNameSign(f, appSecret)
	return f
}

func (h *house) form(fields map[string]string) (code int, message string, data map[string]string) {
	h.t.Helper()
	v := url.Values{}
	for name, value := range fields {
		v.Set(name, value)
	}
	_, answer := h.post(realPath, formKind, []byte(v.Encode()))
	return readRealName(h.t, answer)
}

func readRealName(t *testing.T, answer string) (int, string, map[string]string) {
	t.Helper()
	var a struct {
		Code    int
		Message string
		Data    map[string]any
	}
	if err := json.Unmarshal([]byte(answer), &a); err != nil {
		t.Fatal(answer, err)
	}
	data := map[string]string{}
	for k, v := range a.Data {
		data[k] = fmt.Sprint(v)
	}
	return a.Code, a.Message, data
}

// result asks for the outcome of a call.
func (h *house) result(answer map[string]string) (status, text string) {
	h.t.Helper()
	code, message, data := h.call("AsyncHandleResult.Query", `{"requestSerialCode":"`+answer["requestSerialCode"]+`"}`)
	if code != 0 {
		h.t.Fatal(code, message)
	}
	return data["status"], data["result"]
}

func TestThePublishedSignVector(t *testing.T) {
	raw, ok := reftest.Read(t, "devices/vectors.json")
	if !ok {
		return
	}
	var v struct {
		Realname struct {
			Appsecret string
			AES       struct{ Plain, Cipher string } `json:"aes256cbc_pkcs7_b64"`
			Sign      string                         `json:"sign_sha256"`
		}
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	form, _ := reftest.Read(t, "devices/realname/WorkerAttendance.Add.form.txt")
	values, err := url.ParseQuery(strings.TrimSpace(string(form)))
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string]string{}
	for name := range values {
		fields[name] = values.Get(name)
	}
	if got := gate.RealNameSign(fields, v.Realname.Appsecret); got != v.Realname.Sign || got != fields["sign"] {
		t.Error("sign", got)
	}
	if got, err := gate.RealNameSeal([]byte(v.Realname.Appsecret), v.Realname.AES.Plain); err != nil || got != v.Realname.AES.Cipher {
		t.Error("AES", got, err)
	}
	if got, err := gate.RealNameOpen([]byte(v.Realname.Appsecret), v.Realname.AES.Cipher); err != nil || got != v.Realname.AES.Plain {
		t.Error("AES back", got, err)
	}
}

// The sample is posted as it is, byte for byte.
func TestTheSampleAttendanceIsTaken(t *testing.T) {
	form, ok := reftest.Read(t, "devices/realname/WorkerAttendance.Add.form.txt")
	if !ok {
		return
	}
	h := realNameHouse(t)
	_, answer := h.post(realPath, formKind, form)
	code, message, data := readRealName(t, answer)
	if code != 0 || !strings.HasPrefix(data["requestSerialCode"], "workerattendance-add-2026031407-1-") {
		t.Fatal(code, message, data)
	}
	if status, text := h.result(data); status != "20" || text != "成功" {
		t.Error(status, text)
	}
	p := h.passes()
	if len(p) != 1 || p[0].Person.IDNumber != specimen || p[0].Direction != roster.In || !p[0].Time.Equal(seven.Add(-time.Second)) ||
		p[0].Method != gate.Face || p[0].Reader != "西门1号" || p[0].Project != "5133212026031401" {
		t.Errorf("%+v", p)
	}
	if strings.Contains(p[0].Key, specimen) || strings.Contains(p[0].Content, specimen) {
		t.Error("the number can be read in the key")
	}
}

func sealed(t *testing.T, number string) string {
	t.Helper()
	text, err := gate.RealNameSeal([]byte(appSecret), number)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestFromTeamToAttendance(t *testing.T) {
	h := realNameHouse(t)
	id := sealed(t, specimen)
	_, _, data := h.call("Team.Add", `{"projectCode":"P1","corpCode":"91000000MA0000001R","corpName":"示例","teamName":"1号班组","responsiblePersonName":"测试甲","responsiblePersonIDNumber":"`+id+`","entryTime":"2026-03-01"}`)
	if status, text := h.result(data); status != "20" || text != `{"teamSysNo":1300001}` {
		t.Fatal(status, text)
	}
	face := strings.Repeat("Zm", 6000)
	_, _, data = h.call("ProjectWorker.Add", `{"projectCode":"P1","teamSysNo":1300001,"workerList":[
	  {"workerName":"测试甲","isTeamLeader":1,"idCardType":"01","idCardNumber":"`+id+`","workRole":"20","workType":"020","headImage":"`+face+`","cellPhone":"13800000000"},
	  {"workerName":"测试乙","idCardType":"01","idCardNumber":"not sealed"},
	  {"idCardNumber":"`+id+`"}]}`)
	status, text := h.result(data)
	if status != "10" || !strings.Contains(text, "[workerList][1][idCardNumber]") || !strings.Contains(text, "[workerList][2][workerName]") || !strings.Contains(text, "其余 1 条已收") {
		t.Error(status, text)
	}
	_, _, data = h.call("WorkerEntryExit.Add", `{"projectCode":"P1","teamSysNo":1300001,"workerList":[{"idCardType":"01","idCardNumber":"`+id+`","date":"2026-03-01","type":1,"voucher":"`+face+`"},{"idCardNumber":"`+id+`","date":"2026-03-15","type":1}]}`)
	if status, text := h.result(data); status != "10" || !strings.Contains(text, "[workerList][1][date]") {
		t.Error(status, text)
	}
	_, _, data = h.call("WorkerAttendance.Add", `{"projectCode":"P1","teamSysNo":1300001,"dataList":[{"idCardType":"01","idCardNumber":"`+id+`","date":"2026-03-14 07:04:03","direction":"02"},
	  {"idCardNumber":"`+id+`","date":"1970-01-01 08:00:00","direction":"01"},{"idCardNumber":"`+id+`","date":"gestern"},7]}`)
	if status, text := h.result(data); status != "10" || strings.Contains(text, "[dataList][0]") || !strings.Contains(text, "[dataList][1]设备时钟未设置") || !strings.Contains(text, "其余 1 条已收") {
		t.Error(status, text)
	}
	h.door.Look(func(d *gatetest.Door) {
		if len(d.People) != 1 || d.People[0].Document.Number != specimen || !d.People[0].Leader || d.People[0].TeamNo != 1300001 {
			t.Errorf("%+v", d.People)
		}
		if len(d.Movers) != 1 || !d.Movers[0].Joined {
			t.Errorf("%+v", d.Movers)
		}
		for _, r := range d.Raws {
			if strings.Contains(string(r.Body), "ZmZmZmZm") {
				t.Error("a portrait was kept")
			}
		}
	})
}

func TestRealNameRefusals(t *testing.T) {
	at := seven
	data := `{"projectCode": "P1", "dataList": []}`
	right := signedForm("WorkerAttendance.Add", data, "n1", at)
	change := func(f func(map[string]string)) map[string]string {
		c := map[string]string{}
		for k, v := range right {
			c[k] = v
		}
		f(c)
		return c
	}
	resign := func(f map[string]string, over func(map[string]string)) map[string]string {
		c := map[string]string{}
		for k, v := range f {
			c[k] = v
		}
		over(c)
		f["sign"] = gate.RealNameSign(c, appSecret)
		return f
	}
	text := "appid=" + right["appid"] + "&data=" + data + "&format=json&method=WorkerAttendance.Add&nonce=n1&timestamp=" + right["timestamp"] + "&version=1.0&appsecret=" + appSecret
	for name, c := range map[string]struct {
		fields map[string]string
		code   int
		words  string
	}{
		"an empty list":    {right, -1, "[dataList]不能为空"},
		"over re-encoded":  {resign(change(func(map[string]string) {}), func(f map[string]string) { f["data"] = `{"projectCode":"P1","dataList":[]}` }), -2, "重新编码"},
		"over URL-encoded": {resign(change(func(map[string]string) {}), func(f map[string]string) { f["data"] = url.QueryEscape(data) }), -2, "URL 编码"},
		"MD5": {change(func(f map[string]string) {
			s := md5.Sum([]byte(strings.ToLower(text)))
			f["sign"] = hex.EncodeToString(s[:])
		}), -2, "MD5"},
		"not lower case":    {change(func(f map[string]string) { f["sign"] = gate.Digest(text) }), -2, "小写"},
		"no sign":           {change(func(f map[string]string) { delete(f, "sign") }), -1, "[sign]"},
		"another appid":     {change(func(f map[string]string) { f["appid"] = "x" }), -3, "[appid]"},
		"wrong":             {change(func(f map[string]string) { f["nonce"] = "n2" }), -2, "签名错误"},
		"8 hours off":       {signedForm("WorkerAttendance.Add", data, "n1", at.Add(-8*time.Hour)), -2, "时区"},
		"unknown method":    {signedForm("Worker.Add", data, "n1", at), -1, "[method]"},
		"data is no object": {signedForm("Team.Add", `[]`, "n1", at), -1, "[data]"},
		"21 rows":           {signedForm("WorkerAttendance.Add", `{"projectCode":"P1","dataList":[`+strings.TrimSuffix(strings.Repeat("{},", 21), ",")+`]}`, "n1", at), -1, "最多 20 条"},
		"unknown serial":    {signedForm("AsyncHandleResult.Query", `{"requestSerialCode":"x"}`, "n1", at), -1, "无效"},
		"a query":           {signedForm("Worker.Query", `{}`, "n1", at), 0, ""},
		"another report":    {signedForm("ProjectSubContractor.Add", `{"corpCode":"x"}`, "n1", at), 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := realNameHouse(t)
			if code, message, _ := h.form(c.fields); code != c.code || !strings.Contains(message, c.words) {
				t.Error(code, message)
			}
		})
	}
}

func TestAReplayedNonceIsRefusedByTheDialect(t *testing.T) {
	h := realNameHouse(t)
	f := signedForm("CheckSign.Query", `{}`, "n1", seven)
	if code, message, _ := h.form(f); code != 0 {
		t.Fatal(message)
	}
	if code, message, _ := h.form(f); code != -2 || !strings.Contains(message, "nonce") {
		t.Error(code, message)
	}
}

func TestALabourSystemTriesAgainWhenWeAreDown(t *testing.T) {
	h := realNameHouse(t)
	h.door.Down = errs.New(errs.Down, "database", "数据库不可用")
	f := signedForm("CheckSign.Query", `{}`, "n1", seven)
	v := url.Values{}
	for name, value := range f {
		v.Set(name, value)
	}
	if status, _ := h.post(realPath, formKind, []byte(v.Encode())); status != 503 {
		t.Error(status)
	}
}

// A secret that is not the one that sealed opens nothing, by padding or by luck.
func TestAnotherSecretOpensNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		other := rapid.StringMatching(`[0-9a-f]{32}`).Draw(t, "secret")
		number := rapid.StringMatching(`[0-9]{17}[0-9X]`).Draw(t, "number")
		text, err := gate.RealNameSeal([]byte(appSecret), number)
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := gate.RealNameOpen([]byte(appSecret), text); err != nil || plain != number {
			t.Fatal(plain, err)
		}
		if plain, err := gate.RealNameOpen([]byte(other), text); err == nil && plain == number {
			t.Fatal("opened by", other)
		}
	})
}

// However rows look, there is one verdict for each, and none is lost.
func TestEveryRowOfAttendanceHasAVerdict(t *testing.T) {
	h := realNameHouse(t)
	rapid.Check(t, func(rt *rapid.T) {
		row := rapid.SampledFrom([]string{`{}`, `7`, `null`, `"x"`, `[]`, `{"date":7}`, `{"idCardNumber":"` + specimen + `","date":"2026-03-14 07:04:03"}`, `{"date":"2026-03-14 07:04:03","idCardNumber":{"a":1}}`})
		list := rapid.SliceOfN(row, 1, 20).Draw(rt, "rows")
		before := len(h.passes()) + len(h.kept())
		n := rapid.StringMatching(`[0-9a-f]{32}`).Draw(rt, "nonce")
		code, message, _ := h.form(signedForm("WorkerAttendance.Add", `{"projectCode":"P1","dataList":[`+strings.Join(list, ",")+`]}`, n, seven))
		if code == -2 {
			return // the same nonce was drawn twice
		}
		good := 0
		for _, r := range list {
			if strings.Contains(r, specimen) {
				good++
			}
		}
		if after := len(h.passes()) + len(h.kept()); code != 0 || after-before < len(list)-good {
			rt.Fatal(code, message, after-before, len(list))
		}
	})
}
