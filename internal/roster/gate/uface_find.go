package gate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"muster/internal/clock"
	"muster/internal/errs"
)

// UfaceTerminal asks a terminal what it has seen: it sends a callback once, so
// what fell into an outage has to be fetched (对账). The terminal is reached in the
// network of the site only.
type UfaceTerminal struct {
	URL      string // http://address:8090
	Password string
	Zone     *time.Location // of the terminal's clock; nil: Asia/Shanghai
	HTTP     *http.Client
}

// ufacePage is how many records are asked for at once.
const ufacePage = 200

// Bring fetches the records of a stretch of time and posts them, page by page, to
// the terminal's address at Muster (/gate/uface/{token}); it returns how many
// there were. Bringing a record twice changes nothing.
func (u UfaceTerminal) Bring(ctx context.Context, from, to time.Time, gateURL string) (records int, err error) {
	for index := 0; ; index++ {
		page, err := u.find(ctx, from, to, index)
		if err != nil {
			return records, err
		}
		var found struct {
			Data struct {
				PageInfo struct{ Total loose } `json:"pageInfo"`
				Records  []json.RawMessage     `json:"records"`
			} `json:"data"`
		}
		if err := json.Unmarshal(page, &found); err != nil {
			return records, errs.New(errs.Down, "uface_answer", "终端的回答不是 JSON").Because(err)
		}
		if len(found.Data.Records) == 0 {
			return records, nil
		}
		if err := post(ctx, u.HTTP, gateURL, "application/json", page); err != nil {
			return records, err
		}
		if records += len(found.Data.Records); int64(records) >= found.Data.PageInfo.Total.int() {
			return records, nil
		}
	}
}

func (u UfaceTerminal) find(ctx context.Context, from, to time.Time, index int) ([]byte, error) {
	zone := u.Zone
	if zone == nil {
		zone = clock.Shanghai
	}
	q := url.Values{"pass": {u.Password}, "personId": {"-1"}, "length": {strconv.Itoa(ufacePage)}, "index": {strconv.Itoa(index)},
		"startTime": {from.In(zone).Format(time.DateTime)}, "endTime": {to.In(zone).Format(time.DateTime)}, "model": {"-1"}}
	address := strings.TrimSuffix(u.URL, "/") + "/newFindRecords"
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(q.Encode()))
	if err != nil {
		return nil, errs.New(errs.Fix, "url", "终端地址不对").Because(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := u.HTTP.Do(r)
	if err != nil {
		return nil, errs.New(errs.Again, "uface_unreachable", "连不上终端").Because(withoutURL(err))
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(answer.Body, defaultMaxBody))
	if err != nil || answer.StatusCode != http.StatusOK {
		return nil, errs.New(errs.Again, "uface_answer", "终端回答 HTTP %d", answer.StatusCode).Because(err)
	}
	return body, nil
}

// post sends a body and insists on success.
func post(ctx context.Context, client *http.Client, address, kind string, body []byte) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return errs.New(errs.Fix, "url", "地址不对").Because(err)
	}
	r.Header.Set("Content-Type", kind)
	answer, err := client.Do(r)
	if err != nil {
		return errs.New(errs.Again, "unreachable", "连不上平台").Because(withoutURL(err))
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode/100 != 2 {
		return errs.New(errs.Again, "answer", "平台回答 HTTP %d", answer.StatusCode)
	}
	return nil
}

// withoutURL is a failed request's cause: addresses hold tokens.
func withoutURL(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}
