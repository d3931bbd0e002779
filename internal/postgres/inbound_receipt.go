package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/errs"
	"muster/internal/response"
)

// heardNotice is the notice that a receipt is about.
type heardNotice struct {
	ID        uuid.UUID
	Kind      response.NoticeKind
	State     response.NoticeState
	Channel   response.Channel
	SummonsID *uuid.UUID
	PartyKind string
	PartyID   uuid.UUID
}

// unknownMessage is a receipt for something we did not send by that account.
const unknownMessage = "unknown_message"

var noticeStateOf = map[string]response.NoticeState{
	"delivered": response.NoticeThere, "seen": response.NoticeRead, "heard": response.NoticeRead, "key": response.NoticeRead, "failed": response.Failed,
}

// receipt takes what a carrier says about a notice. What comes twice, late or out
// of order never brings a notice back: only steps of the machine are taken. A
// carrier that gives its ids anew speaks of the one that it was given last.
func (in *incoming) receipt(ctx context.Context, tx pgx.Tx) (response.PushVerdict, error) {
	n, err := one[heardNotice](ctx, tx, `
		SELECT id, kind, state, channel, summons_id, party_kind, party_id FROM notice
		WHERE  account_id = $1 AND (id = $2 OR $2 IS NULL AND provider_id = $3)
		ORDER  BY tried_at DESC NULLS LAST LIMIT 1 FOR UPDATE`, in.account, in.event.NoticeID, in.event.ProviderID)
	if errs.Is(err, errs.NotFound) {
		return response.PushVerdict{Outcome: unknownMessage}, nil
	}
	if err != nil {
		return response.PushVerdict{}, err
	}
	in.noticeID, in.summonsID = &n.ID, n.SummonsID
	if n.PartyKind == "person" {
		in.personID = &n.PartyID
	}
	to, known := noticeStateOf[in.event.Kind]
	if !known {
		return response.PushVerdict{Outcome: string(response.OutcomeUnclear)}, nil
	}
	if err := in.moveNotice(ctx, tx, n, to); err != nil {
		return response.PushVerdict{}, err
	}
	switch in.event.Kind {
	case "failed":
		return response.PushVerdict{Outcome: string(response.OutcomeTaken)}, afterFailures(ctx, tx, []response.Done{{ID: n.ID, State: response.Failed, At: in.at}})
	case "delivered":
		return in.reached(ctx, tx, n, response.Deliver)
	case "seen":
		return in.reached(ctx, tx, n, response.Open)
	}
	return in.reading(ctx, tx, n, response.ReadKey(n.Kind, in.event.Digit, in.event.PlayedOut))
}

func (in *incoming) moveNotice(ctx context.Context, tx pgx.Tx, n heardNotice, to response.NoticeState) error {
	if !to.MayFollow(n.State) {
		return nil
	}
	code, reason := "", ""
	if to == response.Failed {
		code, reason = or(in.event.Code, "carrier"), or(in.event.Reason, "运营商回执：未送达")
	}
	_, err := tx.Exec(ctx, `
		UPDATE notice SET state = $2, lease_until = NULL,
		       provider_id  = coalesce(provider_id, nullif($3, '')),
		       sent_at      = coalesce(sent_at, $4),
		       delivered_at = CASE WHEN $2 IN ('delivered', 'read') THEN coalesce(delivered_at, $4) ELSE delivered_at END,
		       read_at      = CASE WHEN $2 = 'read' THEN coalesce(read_at, $4) ELSE read_at END,
		       reason_code  = CASE WHEN $2 = 'failed' THEN $5 ELSE reason_code END,
		       reason       = CASE WHEN $2 = 'failed' THEN $6 ELSE reason END
		WHERE  id = $1`, n.ID, to, in.event.ProviderID, in.event.At, code, reason)
	return err
}

func or(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// reached marks the sites that a notice is about as delivered or read; that is no
// answer, so nothing stops.
func (in *incoming) reached(ctx context.Context, tx pgx.Tx, n heardNotice, e response.Event) (response.PushVerdict, error) {
	v := response.PushVerdict{Outcome: string(response.OutcomeTaken)}
	if n.SummonsID == nil {
		return v, nil
	}
	threads, err := askedThreads(ctx, tx, *n.SummonsID)
	if err != nil {
		return v, err
	}
	for i := range threads {
		t := &threads[i]
		if to, changed, err := response.Next(t.State, e, t.Measure); err != nil || !changed {
			continue
		} else if _, err := t.write(ctx, tx, stepTo{EventID: uuid.NewSHA1(in.eventID(), t.ID[:]), Event: e, To: to, Changed: true, At: in.event.At,
			Actor: machine, Channel: n.Channel, NoticeID: &n.ID, PersonID: in.personID}, in.at); err != nil {
			return v, err
		}
		if err := announceThreads(ctx, tx, threads[i:i+1], in.at); err != nil {
			return v, err
		}
	}
	return v, nil
}

// askedThreads are the sites that a person was asked about (copies are not
// asked), locked.
func askedThreads(ctx context.Context, tx pgx.Tx, summons uuid.UUID) ([]thread, error) {
	list, err := ids(ctx, tx, `
		SELECT t.response_id FROM summons_target t JOIN response r ON r.id = t.response_id
		WHERE  t.summons_id = $1 AND t.rung >= 0 AND r.ended_at IS NULL`, summons)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return lockThreads(ctx, tx, list)
}

// reading lets an answer happen at the sites behind a summons. Who calls for help
// is heard, whatever else became of his answer.
func (in *incoming) reading(ctx context.Context, tx pgx.Tx, n heardNotice, r response.Reading) (response.PushVerdict, error) {
	v := response.PushVerdict{Outcome: string(r.Outcome)}
	if n.SummonsID == nil {
		return v, nil
	}
	threads, err := askedThreads(ctx, tx, *n.SummonsID)
	if err != nil {
		return v, err
	}
	switch {
	case r.Outcome != response.OutcomeTaken:
	case r.WrongPerson || r.Unable:
		return v, in.notHim(ctx, tx, *n.SummonsID, threads, r)
	default:
		if v, err = in.answered(ctx, tx, n, r, threads); err != nil {
			return v, err
		}
	}
	if r.Support {
		return v, in.helpFor(ctx, tx, *n.SummonsID)
	}
	return v, nil
}

func (in *incoming) answered(ctx context.Context, tx pgx.Tx, n heardNotice, r response.Reading, threads []thread) (response.PushVerdict, error) {
	v := response.PushVerdict{Outcome: string(r.Outcome)}
	a := Answer{EventID: in.eventID(), By: machine, PersonID: in.personID, Channel: n.Channel, NoticeID: in.noticeID, At: in.event.At}
	if r.Support {
		a.Flags, a.Detail = []string{"support"}, map[string]any{"support": true}
	}
	for _, e := range r.Events {
		a.Event = e
		var err error
		v.Sites, err = give(ctx, tx, a, threads, in.at)
		if errs.Is(err, errs.Gone) {
			v.Outcome = string(response.OutcomeLate)
		} else if err != nil && errs.KindOf(err) == errs.Internal {
			return v, err
		}
	}
	if len(r.Events) > 0 && r.Events[0] == response.Acknowledge {
		return v, answeredNotices(ctx, tx, *n.SummonsID, in.event.At)
	}
	return v, nil
}

// helpFor rings the county for whatever a person was asked about, also what has
// ended since: whoever is in need is not asked for a valid code.
func (in *incoming) helpFor(ctx context.Context, tx pgx.Tx, summons uuid.UUID) error {
	list, err := ids(ctx, tx, "SELECT response_id FROM summons_target WHERE summons_id = $1", summons)
	if err != nil {
		return err
	}
	threads, err := lockThreads(ctx, tx, list)
	if err != nil {
		return err
	}
	return in.support(ctx, tx, threads)
}

// support flags the sites and rings the county at once.
func (in *incoming) support(ctx context.Context, tx pgx.Tx, threads []thread) error {
	if len(threads) == 0 {
		return nil
	}
	for i := range threads {
		if _, err := threads[i].write(ctx, tx, stepTo{EventID: uuid.NewSHA1(in.eventID(), append([]byte("support"), threads[i].ID[:]...)),
			Event: "support", At: in.at, Actor: machine, PersonID: in.personID, NoticeID: in.noticeID, FlagsMore: []string{"support"}}, in.at); err != nil {
			return err
		}
	}
	b, err := briefFor(ctx, tx, threads[0], in.at)
	if err != nil {
		return err
	}
	if err := tellParties(ctx, tx, b, told{kind: response.NoticeSupport, event: in.eventID()}, threads, in.at); err != nil {
		return err
	}
	return announceThreads(ctx, tx, threads, in.at)
}

// notHim: the number is somebody else's, or he cannot come. His calls stop and
// the next person is called now.
func (in *incoming) notHim(ctx context.Context, tx pgx.Tx, summons uuid.UUID, threads []thread, r response.Reading) error {
	if r.WrongPerson {
		if _, err := tx.Exec(ctx, "UPDATE summons SET wrong_contact = true WHERE id = $1", summons); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `
		UPDATE notice SET state = 'superseded', reason_code = $2, reason = $3 WHERE summons_id = $1 AND state IN ('queued', 'failed_now')`,
		summons, map[bool]string{true: "wrong_person", false: "unable"}[r.WrongPerson], map[bool]string{true: "不是本人", false: "无法到场"}[r.WrongPerson])
	if err != nil {
		return err
	}
	rungs, err := collect[struct {
		ResponseID uuid.UUID
		Rung       int
	}](ctx, tx, "SELECT response_id, rung FROM summons_target WHERE summons_id = $1 AND rung >= 0", summons)
	if err != nil {
		return err
	}
	empty := map[uuid.UUID]int{}
	for _, t := range rungs {
		empty[t.ResponseID] = t.Rung
	}
	return exhaust(ctx, tx, empty, in.at)
}

// answeredNotices: whoever answered has answered all that asked him.
func answeredNotices(ctx context.Context, tx pgx.Tx, summons uuid.UUID, at time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE notice SET state = 'answered', answered_at = $2, lease_until = NULL, sent_at = coalesce(sent_at, $2)
		WHERE  summons_id = $1 AND state IN ('sending', 'sent', 'delivered', 'read')`, summons, at)
	return err
}
