package simulate

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// Uface is a terminal of the Uface family (devices.md §2.5): it calls once for
// each recognition and forgets that it did, but remembers the recognition and
// tells it to whoever asks for newFindRecords.
type Uface struct {
	Config
	Password string

	mu      sync.Mutex
	queue   []Pass
	records []Pass
}

// NewUface sets up a terminal.
func NewUface(c Config) *Uface { return &Uface{Config: c, Password: "12345"} }

// See implements Device.
func (u *Uface) See(p Pass) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.queue, u.records = append(u.queue, p), append(u.records, p)
}

// Waiting implements Device: what has not been called for yet.
func (u *Uface) Waiting() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.queue)
}

// Send implements Device: each recognition is called once, whatever comes of it.
// The error is that of the last call that failed.
func (u *Uface) Send(ctx context.Context) error {
	u.mu.Lock()
	queue := u.queue
	u.queue = nil
	u.mu.Unlock()
	beat := url.Values{"deviceKey": {u.Serial}, "time": {ms(u.Clock.Now())}, "ip": {"10.20.30.71"}}
	failed := u.call(ctx, "/beat", beat)
	for _, p := range queue {
		form := url.Values{"deviceKey": {u.Serial}, "personId": {p.Who}, "time": {ms(p.At)}, "type": {"face_0"}, "ip": {"10.20.30.71"},
			"path": {"ftp://synthetic"}, "searchScore": {"97"}, "imgBase64": {picture(1)}}
		if err := u.call(ctx, "/callback", form); err != nil {
			failed = err
		}
	}
	return failed
}

func (u *Uface) call(ctx context.Context, path string, form url.Values) error {
	answer, text, err := exchange(ctx, u.HTTP, "POST", u.URL+path, "application/x-www-form-urlencoded", []byte(form.Encode()), nil)
	if err != nil {
		return err
	}
	var a struct{ Success bool }
	if json.Unmarshal(text, &a) != nil || !a.Success || answer.StatusCode != 200 {
		return refused(answer.StatusCode, text)
	}
	return nil
}

func ms(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

// ServeHTTP is the terminal's own service: newFindRecords.
func (u *Uface) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	from, errFrom := time.ParseInLocation(time.DateTime, r.FormValue("startTime"), china)
	to, errTo := time.ParseInLocation(time.DateTime, r.FormValue("endTime"), china)
	index, errIndex := strconv.Atoi(r.FormValue("index"))
	length, errLength := strconv.Atoi(r.FormValue("length"))
	if r.URL.Path != "/newFindRecords" || r.FormValue("pass") != u.Password || errFrom != nil || errTo != nil || errIndex != nil || errLength != nil {
		_, _ = w.Write([]byte(`{"result":1,"success":false,"msg":"parameter"}`))
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	list := []map[string]any{}
	for i, p := range u.records {
		if !p.At.Before(from) && !p.At.After(to) {
			list = append(list, map[string]any{"id": i + 1, "personId": p.Who, "time": p.At.UnixMilli(), "type": "face_0", "path": "ftp://synthetic", "state": 1})
		}
	}
	total := len(list)
	list = list[min(index*length, total):min((index+1)*length, total)]
	body, err := json.Marshal(map[string]any{"result": 1, "success": true, "data": map[string]any{"pageInfo": map[string]int{"index": index, "length": length, "size": total, "total": total}, "records": list}})
	if err != nil {
		body = fmt.Appendf(nil, `{"result":0,"success":false,"msg":%q}`, err)
	}
	_, _ = w.Write(body)
}
