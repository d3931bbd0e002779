package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/response"
)

// openCode is a thread that a phone may be answering.
type openCode struct {
	ID         uuid.UUID
	PersonID   uuid.UUID
	Code       string
	DeadAt     *time.Time
	WrongTries int
}

// reply reads an SMS that came back, or a code typed into the answer page. It
// names nothing but a phone and its words; the code says what it answers.
func (in *incoming) reply(ctx context.Context, tx pgx.Tx) (response.PushVerdict, error) {
	open, err := collect[openCode](ctx, tx, `
		SELECT s.id, s.person_id, s.code, coalesce(w.closed_at, r.ended_at, s.dead_at, (
		           SELECT max(o.ended_at) FROM summons_target t JOIN response o ON o.id = t.response_id
		           WHERE t.summons_id = s.id HAVING bool_and(o.ended_at IS NOT NULL))) AS dead_at, s.wrong_tries
		FROM   summons s LEFT JOIN warning w ON w.id = s.warning_id AND w.state = 'lifted' LEFT JOIN response r ON r.id = s.response_id
		WHERE  s.phone_hash = ANY($1) AND (s.dead_at IS NULL OR s.dead_at > $2::timestamptz - interval '7 days') ORDER BY s.opened_at DESC FOR UPDATE OF s`,
		in.event.Phones, in.at)
	if err != nil {
		return response.PushVerdict{}, err
	}
	rules, _, err := rulesFor(ctx, tx, uuid.Nil, in.at)
	if err != nil {
		return response.PushVerdict{}, err
	}
	reading := rules.ReadReply(in.event.Text, threadsOf(open), in.at)
	if reading.Outcome == response.OutcomeWrongCode {
		if _, err := tx.Exec(ctx, "UPDATE summons SET wrong_tries = wrong_tries + 1 WHERE id = ANY($1) AND dead_at IS NULL",
			column(open, func(o openCode) uuid.UUID { return o.ID })); err != nil {
			return response.PushVerdict{}, err
		}
	}
	return in.readSummons(ctx, tx, open, reading)
}

func threadsOf(open []openCode) []response.OpenThread {
	return column(open, func(o openCode) response.OpenThread {
		t := response.OpenThread{ID: o.ID.String(), Code: o.Code, WrongTries: o.WrongTries}
		if o.DeadAt != nil {
			t.Ended = *o.DeadAt
		}
		return t
	})
}

func (in *incoming) readSummons(ctx context.Context, tx pgx.Tx, open []openCode, reading response.Reading) (response.PushVerdict, error) {
	channel := response.SMS
	if in.event.Kind == "code" {
		channel = response.App
	}
	if len(open) > 0 {
		in.personID = &open[0].PersonID
	}
	if reading.WrongPerson && reading.Thread == "" { // about the phone: all that asks it
		for _, o := range open {
			if _, err := in.reading(ctx, tx, heardNotice{SummonsID: &o.ID, Channel: channel}, reading); err != nil {
				return response.PushVerdict{}, err
			}
		}
		return response.PushVerdict{Outcome: string(reading.Outcome)}, nil
	}
	for _, o := range open {
		if o.ID.String() == reading.Thread {
			in.summonsID, in.personID = &o.ID, &o.PersonID
			return in.reading(ctx, tx, heardNotice{SummonsID: &o.ID, Channel: channel, PartyKind: "person", PartyID: o.PersonID}, reading)
		}
	}
	if reading.Support { // nobody knows which of them he means: all
		for _, o := range open {
			if err := in.helpFor(ctx, tx, o.ID); err != nil {
				return response.PushVerdict{}, err
			}
		}
	}
	return response.PushVerdict{Outcome: string(reading.Outcome)}, nil
}
