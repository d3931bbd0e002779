package conform_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/roster/gate/conform"
	"muster/internal/roster/gate/simulate"
)

// asked is a request with its body, as a wrong server looks at it.
type asked struct {
	*http.Request
	body     string
	repeated bool // a body that came before
}

// content is what is reported, without what is new each time it is sent; "" when
// nothing is.
func (q asked) content() string {
	form, err := url.ParseQuery(q.body)
	switch {
	case err != nil || form.Get("method") == "":
		return q.body
	case form.Get("method") == "CheckSign.Query":
		return ""
	}
	return form.Get("method") + form.Get("data")
}

// slip is an error that platforms make: at some requests they answer otherwise than
// they should. names are the beginnings of what the kit must say is not so.
type slip struct {
	protocol string
	made     string
	at       func(asked) bool
	says     func(*httptest.ResponseRecorder)
	names    []string
	alone    bool // it cannot be made together with the others
}

// wrongly serves what our own server would, but for its slips, until all of a test's
// stories are told: a server takes half a second to close after an unsent gigabyte.
func wrongly(t *testing.T, protocol string, slips ...slip) string {
	t.Helper()
	right := ours(t, protocol).Config.Handler
	var mu sync.Mutex
	seen := map[string]bool{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := asked{Request: r}
		if r.ContentLength <= 1<<20 {
			b, err := io.ReadAll(r.Body)
			if err != nil {
				return
			}
			q.body = string(b)
			mu.Lock()
			q.repeated = seen[q.content()]
			seen[q.content()] = true
			mu.Unlock()
			r.Body = io.NopCloser(bytes.NewReader(b))
		}
		at := slices.DeleteFunc(slices.Clone(slips), func(s slip) bool { return !s.at(q) })
		a := httptest.NewRecorder()
		right.ServeHTTP(a, r)
		for _, s := range at {
			s.says(a)
		}
		for name, list := range a.Header() {
			w.Header()[name] = list
		}
		w.WriteHeader(a.Code)
		_, _ = w.Write(a.Body.Bytes())
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func always(asked) bool { return true }

func holds(text string) func(asked) bool {
	return func(q asked) bool {
		return strings.Contains(q.body, text) || strings.Contains(q.URL.RequestURI(), text)
	}
}

func sent(name, value string) func(asked) bool {
	return func(q asked) bool { return strings.HasPrefix(q.Header.Get(name), value) }
}

func saying(status int, body string) func(*httptest.ResponseRecorder) {
	return func(a *httptest.ResponseRecorder) {
		a.Code = status
		a.Body.Reset()
		a.Body.WriteString(body)
	}
}

func turning(old, text string) func(*httptest.ResponseRecorder) {
	return func(a *httptest.ResponseRecorder) { replace(a, old, text) }
}

// forgiving says yes where the right answer is a refusal for a reason.
func forgiving(reason, yes string) func(*httptest.ResponseRecorder) {
	return func(a *httptest.ResponseRecorder) {
		if strings.Contains(a.Body.String(), reason) {
			saying(http.StatusOK, yes)(a)
		}
	}
}

const (
	repeats  = "同一批打卡再发一次"
	token    = "令牌不对时不确认"
	gigabyte = "宣称 1 GB"
	takenAll = `{"accepted":1,"repeated":0,"quarantined":[],"warnings":[],"refuse_entry":false}`
	done     = `{"code":0,"message":"","data":{"requestSerialCode":"x"}}`
)

// classical are the errors that operators report of platforms, by dialect
// (devices.md §1, §2).
var classical = []slip{
	{"push", "counts a batch, not its records", holds(`"event_key":"1"`), saying(200, `{"ok":true}`), []string{"一批打卡逐条有结论", repeats}, false},
	{"push", "refuses a batch for one bad record", holds("gestern"), saying(422, `{"detail":"time"}`), []string{"一条坏记录不影响其余"}, false},
	{"push", "takes 1970 for a time", holds("1970-01-01"), saying(200, takenAll), []string{"1970 年的时间被识别"}, false},
	{"push", "takes a clock eight hours ahead", holds(`"c4"`), saying(200, takenAll), []string{"快 8 小时的时间被认作时区错误"}, false},
	{"push", "has no limit", holds("{},{},{}"), saying(200, takenAll), []string{"1,001 条的一批被拒绝"}, false},
	{"push", "says yes to what it cannot read", func(q asked) bool { return q.body == `{"passes":[` }, saying(200, takenAll), []string{"不是 JSON 的正文被拒绝"}, false},
	{"push", "forgets its nonces", sent("Muster-Nonce", ""), forgiving("nonce", takenAll), []string{"重放的随机数被拒绝"}, false},
	{"push", "signs what it has parsed", holds(`{"passes": [{}]}`), saying(200, takenAll), []string{"对重新编码后的内容签名被拒绝"}, false},

	{"realname", "has another sign", always, saying(200, `{"code":-2,"message":"签名错误"}`), []string{"签名正确的请求返回 code 0", "班组、人员", "重放的 nonce",
		"21 条考勤", "一条坏考勤", "不存在的流水号", repeats}, true},
	{"realname", "checks no sign", always, forgiving("签名错误", done), []string{"签名错误返回 -2", "对重新编码后的 data"}, false},
	{"realname", "signs what it has parsed", holds("%7B%22a%22%3A+1%7D"), saying(200, done), []string{"对重新编码后的 data"}, false},
	{"realname", "forgets its nonces", always, forgiving("nonce", done), []string{"重放的 nonce"}, false},
	{"realname", "never gives a result", holds("method=AsyncHandleResult.Query"), saying(200, `{"code":0,"data":{"status":"0","result":""}}`),
		[]string{"班组、人员", "不存在的流水号", repeats}, false},
	{"realname", "has no limit", holds("%7B%7D%2C%7B%7D%2C%7B%7D"), saying(200, done), []string{"21 条考勤返回 -1"}, false},
	{"realname", "refuses a batch for one bad record", holds("gestern"), saying(200, `{"code":-1,"message":"date"}`), []string{"一条坏考勤不影响其余"}, false},

	{"hikvision", "knows no heart-beats", holds("heartBeat"), saying(400, "unknown event"), []string{"心跳得到 2xx", "JSON、包装的 JSON", repeats}, false},
	{"hikvision", "reads bare JSON only", sent("Content-Type", "multipart/"), saying(415, ""), []string{"JSON、包装的 JSON", repeats}, false},
	{"hikvision", "refuses what it cannot read", func(q asked) bool { return strings.HasSuffix(q.body, `"majorEventType":`) }, saying(400, ""), []string{"读不懂的事件也要确认"}, false},
	{"hikvision", "refuses a clock of 1970", holds("1970-01-01"), saying(422, ""), []string{"出厂时间 1970"}, false},

	{"zkteco", "shakes no hands", holds("options=all"), saying(200, "OK"), []string{"握手返回设备选项", "时区为东八区", repeats}, false},
	{"zkteco", "leaves an option out", holds("options=all"), turning("ErrorDelay=", "Errordelay="), []string{"握手返回设备选项"}, false},
	{"zkteco", "hangs in another zone", holds("options=all"), turning("TimeZone=8", "TimeZone=0"), []string{"时区为东八区", repeats}, false},
	{"zkteco", "has local time in Date", always, func(a *httptest.ResponseRecorder) {
		a.Header().Set("Date", noon.Add(8*time.Hour).Format(http.TimeFormat))
	}, []string{"Date 头"}, false},
	{"zkteco", "counts good lines only", holds("broken\n"), turning("OK:3", "OK:1"), []string{"考勤按行数确认"}, false},
	{"zkteco", "says OK without a number", holds("table=ATTLOG"), turning("OK:", "OK "), []string{"考勤按行数确认", "5,000 行积压", repeats}, false},
	{"zkteco", "takes a thousand lines at most", func(q asked) bool { return strings.Count(q.body, "\n") > 1000 }, saying(413, ""), []string{"5,000 行积压"}, false},
	{"zkteco", "does not know operations", holds("table=OPERLOG"), saying(200, "OK"), []string{"操作记录按行数确认", repeats}, false},
	{"zkteco", "does not know photos", holds("table=ATTPHOTO"), saying(404, ""), []string{"照片得到 OK"}, false},
	{"zkteco", "has an empty answer when there is nothing to do", holds("getrequest"), saying(200, ""), []string{"没有命令时 getrequest"}, false},
	{"zkteco", "asks and does not listen", holds("devicecmd"), saying(404, ""), []string{"命令结果得到 OK"}, false},
	{"zkteco", "does not know ping", holds("/ping"), saying(404, ""), []string{"ping 得到 OK"}, false},

	{"dahua", "does not inflate", sent("Content-Encoding", "deflate"), saying(400, ""), []string{"多条事件、deflate"}, false},
	{"dahua", "refuses what it cannot read", func(q asked) bool { return strings.HasSuffix(q.body, `"Code":"AccessControl"`) }, saying(400, ""), []string{"读不懂的事件也要确认"}, false},

	{"uniview", "does not tell the time", holds("HeartReportInfo"), saying(200, `{"Code":0,"Data":{}}`), []string{"心跳回答带时间", repeats}, false},
	{"uniview", "tells the time in UTC", holds("HeartReportInfo"), turning("12:00:00", "04:00:00"), []string{"心跳回答带时间"}, false},
	{"uniview", "does not echo the Seq", holds(`"Seq":4711`), turning(`"RecordID":4711`, `"RecordID":0`), []string{"记录的回答带回 Seq"}, false},
	{"uniview", "acknowledges passes only", holds(`"MatchStatus":2}`), saying(200, `{"Response":{"StatusCode":1}}`), []string{"失败的比对也要带回 Seq"}, false},
	{"uniview", "refuses what it cannot read", holds(`"Seq":4713`), saying(400, ""), []string{"读不懂的记录也要带回 Seq"}, false},

	{"uface", "says 200 and nothing", holds("/callback"), saying(200, ""), []string{"心跳和识别回调得到 success", repeats}, false},
	{"uface", "does not take what was missed", holds(`"records":`), saying(404, ""), []string{"补传的记录被接受"}, false},
}

// everywhere are the errors that are asked about in every dialect.
func everywhere(protocol string) []slip {
	return []slip{
		{protocol, "takes a repetition for an error", func(q asked) bool { return q.repeated && q.content() != "" }, saying(409, `{"code":-1}`), []string{repeats}, true},
		{protocol, "lets everybody in", func(q asked) bool { return !strings.Contains(q.URL.Path, "/t0ken") && q.ContentLength < 1<<20 }, saying(200, "OK"), []string{token}, false},
		{protocol, "waits for a gigabyte", func(q asked) bool { return q.ContentLength > 1<<20 }, saying(200, "OK"), []string{gigabyte}, false},
	}
}

// named are the questions of a report that were answered wrongly. Each has what was
// said and what would be right, in words, and neither a key nor an address.
func named(t *testing.T, r conform.Report) []string {
	t.Helper()
	var list []string
	for _, f := range r.Findings {
		if f.Wrong == "" {
			continue
		}
		list = append(list, f.Asked)
		if f.Mend == "" || !strings.Contains(r.String(), "✗ "+f.Asked+"\n    实际："+f.Wrong+"\n    应当："+f.Mend) {
			t.Errorf("%s: not in words", f.Asked)
		}
	}
	if strings.Contains(r.String(), "t0ken") || strings.Contains(r.String(), secret) {
		t.Error("the report gives the token or the key away")
	}
	return list
}

// A server that is right but for one error is told that error, and nothing else.
func TestEachClassicalErrorIsNamed(all *testing.T) {
	slips := classical
	for _, protocol := range simulate.Protocols() {
		slips = append(slips, everywhere(protocol)...)
	}
	for _, s := range slips {
		all.Run(s.protocol+"/"+s.made, func(t *testing.T) {
			t.Parallel()
			r, err := conform.Run(t.Context(), options(s.protocol, wrongly(all, s.protocol, s)))
			if err != nil {
				t.Fatal(err)
			}
			got := named(t, r)
			if !slices.EqualFunc(got, s.names, strings.HasPrefix) {
				t.Errorf("named: %q\nwant:  %q", got, s.names)
			}
		})
	}
}

// A server that makes all errors of its dialect at once is told each of them.
func TestAServerThatIsWrongThroughoutIsToldEverything(t *testing.T) {
	for _, protocol := range simulate.Protocols() {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			slips := slices.DeleteFunc(append(slices.Clone(classical), everywhere(protocol)...), func(s slip) bool { return s.protocol != protocol || s.alone })
			r, err := conform.Run(t.Context(), options(protocol, wrongly(t, protocol, slips...)))
			if err != nil {
				t.Fatal(err)
			}
			got := named(t, r)
			for _, s := range slips {
				for _, want := range s.names {
					if !slices.ContainsFunc(got, func(asked string) bool { return strings.HasPrefix(asked, want) }) {
						t.Errorf("%s: %s is not named in\n%s", s.made, want, r)
					}
				}
			}
		})
	}
}
