package httpapi

import (
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/response"
	"muster/internal/roster"
)

type codePage struct {
	sheet
	Problem string
}

func (s *Server) codeForm(w http.ResponseWriter, r *http.Request) {
	s.page(w, r, http.StatusOK, "code", codePage{sheet: newSheet("用签收码答复", false)})
}

// pageSayings are what the buttons add to a code: the words that a reply by SMS would
// have.
var pageSayings = map[string]string{"acknowledge": "", "support": " 需要支援", "wrong_person": " 不是本人"}

// takeCode reads a phone number and a code as a reply is read: kept before it is
// understood, with wrong codes counted against the phone. The number is not shown
// again, and whether it is known is not said.
func (s *Server) takeCode(w http.ResponseWriter, r *http.Request) {
	if err := readForm(w, r); err != nil {
		s.unable(w, r, err, false, "/a")
		return
	}
	saying, known := pageSayings[r.PostForm.Get("act")]
	phone, err := roster.ParsePhone(narrow(r.PostForm.Get("phone")))
	if err != nil || !known {
		s.page(w, r, http.StatusUnprocessableEntity, "code", codePage{newSheet("用签收码答复", false), "手机号不对：应为 1 开头的 11 位号码"})
		return
	}
	verdict, err := s.typed(r, phone, r.PostForm.Get("code")+saying, s.Clock.Now())
	if err != nil {
		s.unable(w, r, err, false, "/a")
		return
	}
	s.verdictPage(w, r, verdict)
}

// narrow makes full-width digits narrow: １９９ → 199.
func narrow(text string) string {
	b := []rune(text)
	for i, c := range b {
		if c >= '０' && c <= '９' {
			b[i] = c - '０' + '0'
		}
	}
	return string(b)
}

// typed keeps what was typed, sealed, and lets it be taken. Every submission is
// one of its own: a wrong code counts each time.
func (s *Server) typed(r *http.Request, phone, text string, at time.Time) (response.PushVerdict, error) {
	body, err := json.Marshal(map[string]string{"phone": phone, "text": text})
	if err != nil {
		return response.PushVerdict{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return response.PushVerdict{}, err
	}
	hash := sha256.Sum256(append(id[:], body...))
	push := response.Push{ID: id, Sealed: s.Sealer.Seal("inbound", "body", id.String(), string(body)), Hash: hash[:]}
	if _, _, err := s.DB.KeepPush(r.Context(), push, at); err != nil {
		return response.PushVerdict{}, err
	}
	event := response.CarrierEvent{Kind: "code", Phones: s.Sealer.Hashes(account.PhonePurpose, phone), Text: text, At: at}
	verdicts, err := s.DB.TakePush(r.Context(), id, nil, []response.CarrierEvent{event}, at)
	if err == nil && len(verdicts) != 1 {
		err = errs.New(errs.Internal, "no_verdict", "a typed code led to %d verdicts", len(verdicts))
	}
	if err != nil {
		return response.PushVerdict{}, err
	}
	return verdicts[0], nil
}

// verdictPage says what became of a typed code. A wrong code and an unknown
// number read the same: who was called is nobody else's business.
func (s *Server) verdictPage(w http.ResponseWriter, r *http.Request, v response.PushVerdict) {
	outcome := response.Outcome(v.Outcome)
	page := donePage{sheet: newSheet("答复已记录", false), Good: true, Said: "答复已记录。", Back: "/a"}
	status := http.StatusOK
	switch outcome {
	case response.OutcomeTaken:
		for _, t := range v.Sites {
			page.Sites = append(page.Sites, siteLine{Name: t.SiteName, Measure: "答复已收到", State: t.State.Label(), Why: t.Why})
		}
	case response.OutcomeWrongCode, response.OutcomeStranger, response.OutcomeUnclear:
		status, page.Good, page.Title, page.Said = http.StatusUnprocessableEntity, false, "没有记录", "手机号或签收码不正确，未作任何记录。连续输错会锁定。"
	default:
		status, page.Good, page.Title, page.Said = http.StatusConflict, false, "没有采纳", outcome.Label()+"。"
	}
	s.page(w, r, status, "done", page)
}
