package flowtest

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
	"muster/internal/response/channel"
)

// Clicks lets the owner of a phone answer by the signed link, about the named
// sites.
func (p Phone) Clicks(warningID uuid.UUID, e response.Event, sites ...string) error {
	p.n.T.Helper()
	var summons uuid.UUID
	must(p.n.T, p.n.DB.Pool().QueryRow(p.n.T.Context(), "SELECT id FROM summons WHERE warning_id = $1 AND person_id = $2",
		warningID, p.n.Person(p.number)).Scan(&summons))
	a := postgres.Answer{EventID: uuid.New(), Event: e, Channel: response.App, At: p.n.Clock.Now()}
	for _, s := range sites {
		a.Threads = append(a.Threads, p.n.Thread(warningID, s))
	}
	_, err := p.n.DB.GiveBySummons(p.n.T.Context(), summons, a, p.n.Clock.Now())
	p.n.Settle()
	return err
}

// Types lets the owner type a code into the fixed page; it gives the verdict.
func (p Phone) Types(text string) response.Outcome {
	p.n.T.Helper()
	id, at := uuid.New(), p.n.Clock.Now()
	hash := sha256.Sum256(id[:])
	_, _, err := p.n.DB.KeepPush(p.n.T.Context(), response.Push{ID: id, Sealed: "test", Hash: hash[:]}, at)
	must(p.n.T, err)
	event := response.CarrierEvent{Kind: "code", Phones: valley.Sealer.Hashes(account.PhonePurpose, p.number), Text: text, At: at}
	verdicts, err := p.n.DB.TakePush(p.n.T.Context(), id, nil, []response.CarrierEvent{event}, at)
	must(p.n.T, err)
	p.n.Settle()
	return response.Outcome(verdicts[0].Outcome)
}

// Calls lets an account call the owner of a phone by hand, and write down what
// came of it.
func (n *Night) Calls(login, phone string, warningID uuid.UUID, site, outcome, words string) error {
	n.T.Helper()
	_, err := n.DB.RecordHandCall(n.T.Context(), n.Scope(login), postgres.HandCall{EventID: uuid.New(), Threads: []uuid.UUID{n.Thread(warningID, site)},
		PersonID: n.Person(phone), Outcome: outcome, Words: words, By: n.Officer(login), At: n.Clock.Now()}, n.Clock.Now())
	n.Settle()
	return err
}

// Verdicts counts what was made of what came in.
func (n *Night) Verdicts(verdict response.Outcome) int {
	n.T.Helper()
	return n.Count("SELECT count(*) FROM inbound_event WHERE verdict = $1", string(verdict))
}

// Told is a push that the carrier makes, or that somebody makes in its name.
type Told struct {
	Mode   string // actual unless said
	Kind   channel.Kind
	Token  string // of the address; ours unless said
	Secret string // that signs; the contract's unless said
	At     time.Time
	Events []channel.PlainEvent
}

// Tells pushes something to us over HTTP; it gives the status of our answer.
func (n *Night) Tells(told Told) int {
	n.T.Helper()
	mode, key, signer, at := or(told.Mode, "actual"), or(told.Token, token), told.Secret, told.At
	if at.IsZero() {
		at = n.Clock.Now()
	}
	body, err := json.Marshal(channel.PlainPush{Events: told.Events})
	must(n.T, err)
	r, err := http.NewRequestWithContext(n.T.Context(), http.MethodPost, n.Hooks.URL+"/hooks/"+AccountID(mode, told.Kind).String()+"/"+key, bytes.NewReader(body))
	must(n.T, err)
	channel.SignPlain(r.Header, body, or(signer, secret+mode), at)
	answer, err := http.DefaultClient.Do(r)
	must(n.T, err)
	_ = answer.Body.Close()
	n.Settle()
	return answer.StatusCode
}

// AccountID is the id of the contract for a kind of message in a mode.
func AccountID(mode string, kind channel.Kind) uuid.UUID {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(mode+string(kind)))
}

func or(value, usual string) string {
	if value == "" {
		return usual
	}
	return value
}
