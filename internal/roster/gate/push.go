package gate

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/google/uuid"

	"muster/internal/errs"
	"muster/internal/roster"
)

// mostPasses is how many passes a batch of the push API may have.
const mostPasses = 1000

// mountPush mounts Muster's own push API (docs/gates.md): signed under
// /gate/push/, or under the token of the path.
func (h *handler) mountPush(mux *http.ServeMux) {
	for _, prefix := range []string{"/gate/push", "/gate/push/{token}"} {
		mux.HandleFunc("POST "+prefix+"/passes", h.on(route{protocol: Push, claim: pushClaim, take: pushPasses, refuse: problem}))
		mux.HandleFunc("POST "+prefix+"/beat", h.on(route{protocol: Push, claim: pushClaim, take: pushBeat, refuse: problem}))
	}
}

func pushClaim(r *http.Request, c *Claim) { c.KeyID = r.Header.Get(HeaderKey) }

// pushRecord is a pass as the push API takes it.
type pushRecord struct {
	EventKey string    `json:"event_key"`
	Time     string    `json:"time"`
	PersonID uuid.UUID `json:"person_id"`
	IDNumber string    `json:"id_number"`
	External struct {
		System string `json:"system"`
		Code   string `json:"code"`
	} `json:"external"`
	Card      string           `json:"card"`
	Direction roster.Direction `json:"direction"`
	Reader    string           `json:"reader"`
	Method    Method           `json:"method"`
	Replay    bool             `json:"replay"`
}

type pushAnswer struct {
	Accepted    int               `json:"accepted"`
	Repeated    int               `json:"repeated"`
	Quarantined []pushQuarantined `json:"quarantined"`
	Showing
}

type pushQuarantined struct {
	Index  int           `json:"index"`
	Reason roster.Reason `json:"reason"`
	Text   string        `json:"text"`
}

func pushPasses(v *visit) error {
	if err := v.known(); err != nil {
		return err
	}
	records, err := pushBatch(v.clean)
	if err != nil {
		return err
	}
	seen := make([]Seen, len(records))
	for i, raw := range records {
		seen[i] = pushSeen(v.device, raw)
	}
	verdicts, err := v.take(seen)
	if err != nil {
		return err
	}
	answer := pushSays(verdicts)
	answer.Showing = v.shows()
	answerJSON(v.w, http.StatusOK, "application/json", answer)
	return nil
}

// known checks key and signature over the bytes as they came, then keeps them.
func (v *visit) known() error {
	if key := v.r.Header.Get(HeaderKey); key != "" && v.device.KeyID != "" && key != v.device.KeyID {
		return errs.New(errs.SignIn, "key_id", "%s 与这个地址不符", HeaderKey)
	}
	if err := v.signed(); err != nil {
		return err
	}
	return v.keep()
}

// pushBatch splits a batch into its records without reading them.
func pushBatch(body []byte) ([]json.RawMessage, error) {
	var batch struct {
		Passes []json.RawMessage `json:"passes"`
	}
	if err := json.Unmarshal(body, &batch); err != nil {
		return nil, errs.New(errs.Fix, "json", `正文要是 {"passes":[…]} 形式的 JSON`).Because(err)
	}
	switch n := len(batch.Passes); {
	case n == 0:
		return nil, errs.New(errs.Fix, "empty", `"passes" 里没有记录`)
	case n > mostPasses:
		return nil, errs.New(errs.Fix, "too_many", "一批 %d 条，最多 %d 条，请分批", n, mostPasses)
	}
	return batch.Passes, nil
}

// pushSeen reads one record; one that cannot be read is so marked.
func pushSeen(d Device, raw json.RawMessage) Seen {
	var p pushRecord
	s := Seen{Body: raw}
	if err := json.Unmarshal(raw, &p); err != nil || p.EventKey == "" || len(p.EventKey) > 100 {
		s.Why = Unreadable
		return s
	}
	s.Time, s.Key = pushTime(p.Time), p.EventKey
	s.Person = Person{ID: p.PersonID, IDNumber: upper(p.IDNumber), System: p.External.System, Code: p.External.Code, Card: p.Card}
	s.Direction, s.Reader, s.Method, s.Replay = p.Direction, p.Reader, knownMethod(p.Method), p.Replay
	return s
}

// pushTime insists on an offset: whoever writes for this API can send one.
func pushTime(text string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return t
}

func pushSays(verdicts []Verdict) pushAnswer {
	out := pushAnswer{Quarantined: []pushQuarantined{}}
	for i, verdict := range verdicts {
		switch verdict.Outcome {
		case Accepted:
			out.Accepted++
		case Repeated:
			out.Repeated++
		case Quarantined:
			out.Quarantined = append(out.Quarantined, pushQuarantined{i, verdict.Reason, ReasonText(verdict.Reason)})
		}
	}
	return out
}

func pushBeat(v *visit) error {
	if err := v.known(); err != nil {
		return err
	}
	var b struct {
		Time     string `json:"time"`
		Serial   string `json:"serial"`
		Model    string `json:"model"`
		Firmware string `json:"firmware"`
		Backlog  *int   `json:"backlog"`
	}
	if err := json.Unmarshal(v.clean, &b); err != nil {
		return errs.New(errs.Fix, "json", `正文要是 {"time":…,"serial":…} 形式的 JSON`).Because(err)
	}
	beat := Beat{Clock: pushTime(b.Time), Serial: tame(b.Serial), Model: tame(b.Model), Firmware: tame(b.Firmware), Backlog: -1}
	if b.Backlog != nil {
		beat.Backlog = *b.Backlog
	}
	if err := v.beat(beat); err != nil {
		return err
	}
	answer := struct {
		Time  time.Time `json:"time"`
		Clock string    `json:"clock,omitempty"` // what is wrong with the device's clock, in words
		Showing
	}{Time: v.at, Showing: v.shows()}
	if !beat.Clock.IsZero() {
		answer.Clock = ClockText(beat.Clock.Sub(v.at))
	}
	answerJSON(v.w, http.StatusOK, "application/json", answer)
	return nil
}
