package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/response"
)

// HandCall is a call that the desk made (人工叫应): who answered, his words, when.
type HandCall struct {
	EventID  uuid.UUID
	Threads  []uuid.UUID
	PersonID uuid.UUID
	Outcome  string // repeated_back, answered, no_answer, voicemail, third_person, wrong_person
	Words    string
	By       Actor
	At       time.Time
}

// handOutcomes are the outcomes of a call; only the measure said back (复诵) is an
// acknowledgement.
var handOutcomes = map[string]string{"repeated_back": "复诵措施", "answered": "接听未复诵", "no_answer": "无人接听", "voicemail": "语音信箱",
	"third_person": "他人接听", "wrong_person": "不是本人"}

// handEvents are what a call proves: a call that was taken and in which nothing was
// said back is read, no more (接听未确认).
var handEvents = map[string]response.Event{"repeated_back": response.Acknowledge, "answered": response.Open}

// notHim: a stranger took the call. The number is not called again and the next
// person is called now.
func (h HandCall) notHim(ctx context.Context, tx pgx.Tx, threads []thread, at time.Time) error {
	if h.Outcome != "wrong_person" {
		return nil
	}
	asked, err := ids(ctx, tx, `
		SELECT DISTINCT s.id FROM summons s JOIN summons_target t ON t.summons_id = s.id
		WHERE  s.person_id = $1 AND t.response_id = ANY($2)`, h.PersonID, column(threads, func(t thread) uuid.UUID { return t.ID }))
	if err != nil {
		return err
	}
	in := incoming{at: at}
	for _, id := range asked {
		if err := in.notHim(ctx, tx, id, threads, response.Reading{WrongPerson: true}); err != nil {
			return err
		}
	}
	return nil
}

// RecordHandCall keeps a call by hand as an attempt on the thread. One in which
// the person said the measure back acknowledges the named sites.
func (db *DB) RecordHandCall(ctx context.Context, scope account.Scope, h HandCall, at time.Time) ([]response.Standing, error) {
	if handOutcomes[h.Outcome] == "" {
		return nil, errs.New(errs.Fix, "outcome", "请选择通话结果").With(errs.Detail{Where: "outcome", Text: "没有这个结果",
			Mend: "repeated_back、answered、no_answer、voicemail、third_person、wrong_person 之一"})
	}
	if h.Outcome == "repeated_back" && h.Words == "" {
		return nil, errs.New(errs.Fix, "words", "请记下对方复诵的话")
	}
	var list []response.Standing
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		threads, err := lockThreads(ctx, tx, h.Threads)
		if err != nil {
			return err
		}
		if err := allWithin(scope, h.Threads, threads); err != nil {
			return err
		}
		list, err = h.record(ctx, tx, threads, at)
		if err != nil {
			return err
		}
		return audit(ctx, tx, h.By, "hand_call", "person", h.PersonID.String(), map[string]any{"outcome": h.Outcome, "sites": len(threads)}, at)
	})
	return list, err
}

func (h HandCall) record(ctx context.Context, tx pgx.Tx, threads []thread, at time.Time) ([]response.Standing, error) {
	for i := range threads {
		t := &threads[i]
		_, err := t.write(ctx, tx, stepTo{EventID: uuid.NewSHA1(h.EventID, append([]byte("call"), t.ID[:]...)), Event: "called", At: h.At, Actor: h.By,
			PersonID: &h.PersonID, Channel: response.Hand, Words: h.Words, Detail: map[string]any{"outcome": h.Outcome}}, at)
		if err != nil {
			return nil, err
		}
	}
	event := handEvents[h.Outcome]
	if event == "" {
		if err := h.notHim(ctx, tx, threads, at); err != nil {
			return nil, err
		}
		return nil, announceThreads(ctx, tx, threads, at)
	}
	return give(ctx, tx, Answer{EventID: h.EventID, Event: event, By: h.By, PersonID: &h.PersonID, Channel: response.Hand, At: h.At,
		Words: h.Words}, threads, at)
}
