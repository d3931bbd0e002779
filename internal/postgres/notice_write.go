package postgres

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/errs"
	"muster/internal/response"
	"muster/internal/warning"
)

// noticeRow is a notice as it is written.
type noticeRow struct {
	ID         uuid.UUID
	ResponseID *uuid.UUID
	SummonsID  *uuid.UUID
	Kind       response.NoticeKind
	Occasion   uuid.UUID
	PartyKind  string
	PartyID    uuid.UUID
	Rung       int
	Round      int
	Channel    response.Channel
	AccountID  *uuid.UUID
	PhoneHash  *string
	Priority   int
	Level      string
	Measure    string
	Wording    string
	DueAt      time.Time
	State      response.NoticeState
	Code       string
	Reason     string
	SentAt     *time.Time
}

// writeNotices puts errands into words and into the ledger. What is there
// already stays as it is: a notice is written once, however often this runs (its id
// is made from what it says).
func writeNotices(ctx context.Context, tx pgx.Tx, b brief, errands []errand, summons map[uuid.UUID]summonsRow, at time.Time) error {
	if len(errands) == 0 {
		return nil
	}
	rows, written, err := b.notices(errands, summons, at)
	if err != nil {
		return err
	}
	if err := replaceRounds(ctx, tx, b, written, rows); err != nil {
		return err
	}
	slices.SortFunc(rows, func(a, b noticeRow) int { return bytes.Compare(a.ID[:], b.ID[:]) }) // neighbours in the index come together
	_, err = tx.Exec(ctx, `
		INSERT INTO notice (id, mode, warning_id, revision, response_id, summons_id, kind, occasion, party_kind, party_id, rung, round, channel,
		                    account_id, phone_hash, priority, level, measure, wording, created_at, due_at, next_at, state, reason_code, reason, sent_at)
		SELECT n.id, @mode, @warning, @revision, n.response, n.summons, n.kind, n.occasion, n.party_kind, n.party, n.rung, n.round, n.channel,
		       n.account, n.phone, n.priority, n.level, n.measure, n.wording::jsonb, @at, n.due, @at, n.state, n.code, n.reason, n.sent
		FROM   unnest(@id::uuid[], @response::uuid[], @summons::uuid[], @kind::text[], @occasion::uuid[], @party_kind::text[], @party::uuid[],
		              @rung::int[], @round::int[], @channel::text[], @account::uuid[], @phone::text[], @priority::int[], @level::text[],
		              @measure::text[], @wording::text[], @due::timestamptz[], @state::text[], @code::text[], @reason::text[], @sent::timestamptz[])
		       AS n (id, response, summons, kind, occasion, party_kind, party, rung, round, channel, account, phone, priority, level, measure,
		             wording, due, state, code, reason, sent)
		ON CONFLICT DO NOTHING`, b.noticeArgs(rows, at))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "SELECT pg_notify('muster_notice', '')")
	return err
}

// notices puts errands into words. What the rule book has no words for on its
// channel is left out.
func (b brief) notices(errands []errand, summons map[uuid.UUID]summonsRow, at time.Time) (rows []noticeRow, written []errand, err error) {
	rows, written = make([]noticeRow, 0, len(errands)), make([]errand, 0, len(errands))
	for _, e := range errands {
		row, err := b.notice(e, summons, at)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		rows, written = append(rows, row), append(written, e)
	}
	return rows, written, nil
}

// noticeNames is the space of the ids of notices.
var noticeNames = uuid.MustParse("5f3d2f0e-7c51-4f0e-9a55-0d6a8b1f6c11")

// identify makes the id from what is told to whom, why, on which rung, round and
// channel, under which revision.
func (row *noticeRow) identify(b brief) {
	key := make([]byte, 0, 128)
	for _, id := range []uuid.UUID{deref(b.WarningID), deref(row.ResponseID), row.Occasion, row.PartyID} {
		key = append(key, id[:]...)
	}
	revision := 0
	if b.Revision != nil {
		revision = *b.Revision
	}
	row.ID = uuid.NewSHA1(noticeNames, fmt.Appendf(key, "%d %d %d %s %s", revision, row.Rung, row.Round, row.Kind, row.Channel))
}

func (b brief) notice(e errand, summons map[uuid.UUID]summonsRow, at time.Time) (noticeRow, error) {
	row := noticeRow{ResponseID: b.ResponseID, Kind: e.kind, Occasion: e.occasion(), Rung: e.rung, Round: e.round, Channel: e.channel,
		State: response.Queued, DueAt: at.Add(b.handOver(e)), Priority: priority(b, e), Level: string(b.Level)}
	if len(e.threads) > 0 {
		row.Measure, row.Level = string(e.threads[0].Measure), string(e.threads[0].Level)
	}
	if e.person != nil {
		row.PartyKind, row.PartyID, row.PhoneHash = "person", e.person.PersonID, e.person.PhoneHash
	} else {
		row.PartyKind, row.PartyID, row.AccountID = "unit", e.account.ID, &e.account.ID
	}
	code := e.code
	if s, there := summons[row.PartyID]; there {
		row.SummonsID, code = &s.ID, s.Code
	}
	row.identify(b)
	words, err := b.words(e, code, at)
	if err != nil {
		return row, err
	}
	body, err := json.Marshal(words)
	row.Wording = string(body)
	row.leave(at)
	return row, err
}

// occasion keeps apart what one person is told on the same rung and round of one
// revision at different moments: the ladder of each site reaches a rung at a time
// of its own, so what the notice is about is part of its key.
func (e errand) occasion() uuid.UUID {
	if e.event != uuid.Nil || len(e.threads) == 0 {
		return e.event
	}
	about := column(e.threads, func(t *thread) uuid.UUID { return t.ID })
	slices.SortFunc(about, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	key := make([]byte, 0, len(about)*len(uuid.Nil))
	for _, id := range about {
		key = append(key, id[:]...)
	}
	return uuid.NewSHA1(uuid.Nil, key)
}

// leave settles at once what needs no carrier, or can have none.
func (row *noticeRow) leave(at time.Time) {
	switch {
	case row.Channel == response.App:
		row.State, row.SentAt = response.Sent, &at // it is on the page as soon as this is committed
	case (row.Channel == response.Voice || row.Channel == response.SMS) && row.PhoneHash == nil:
		row.State, row.Code, row.Reason = response.NotSent, "no_number", "没有登记手机号"
	}
}

// handOver is how soon a carrier must have it.
func (b brief) handOver(e errand) time.Duration {
	if len(e.threads) == 0 {
		return b.rules.HandOver(warning.Read, b.Level)
	}
	return b.rules.HandOver(e.threads[0].Measure, e.threads[0].Level)
}

// priority orders what waits for the same carrier: people in danger first, then
// what ends a danger, then what informs.
func priority(b brief, e errand) int {
	switch e.kind {
	case response.NoticeReview: // everything else waits for it
		return 20
	case response.NoticeDigest, response.NoticeCopy:
		return 90
	case response.NoticeLifted, response.NoticeNarrowed, response.NoticeExpired, response.NoticeReturn:
		return 60
	}
	p := 50
	if len(e.threads) > 0 {
		p -= 5*e.threads[0].Measure.Strictness() + e.threads[0].Level.Rank()
	}
	return p
}

func (b brief) noticeArgs(rows []noticeRow, at time.Time) pgx.NamedArgs {
	return pgx.NamedArgs{"mode": b.Mode, "warning": b.WarningID, "revision": b.Revision, "at": at,
		"id":         column(rows, func(r noticeRow) uuid.UUID { return r.ID }),
		"response":   column(rows, func(r noticeRow) *uuid.UUID { return r.ResponseID }),
		"summons":    column(rows, func(r noticeRow) *uuid.UUID { return r.SummonsID }),
		"kind":       column(rows, func(r noticeRow) string { return string(r.Kind) }),
		"occasion":   column(rows, func(r noticeRow) uuid.UUID { return r.Occasion }),
		"party_kind": column(rows, func(r noticeRow) string { return r.PartyKind }),
		"party":      column(rows, func(r noticeRow) uuid.UUID { return r.PartyID }),
		"rung":       column(rows, func(r noticeRow) int { return r.Rung }),
		"round":      column(rows, func(r noticeRow) int { return r.Round }),
		"channel":    column(rows, func(r noticeRow) string { return string(r.Channel) }),
		"account":    column(rows, func(r noticeRow) *uuid.UUID { return r.AccountID }),
		"phone":      column(rows, func(r noticeRow) *string { return r.PhoneHash }),
		"priority":   column(rows, func(r noticeRow) int { return r.Priority }),
		"level":      column(rows, func(r noticeRow) string { return r.Level }),
		"measure":    column(rows, func(r noticeRow) string { return r.Measure }),
		"wording":    column(rows, func(r noticeRow) string { return r.Wording }),
		"due":        column(rows, func(r noticeRow) time.Time { return r.DueAt }),
		"state":      column(rows, func(r noticeRow) string { return string(r.State) }),
		"code":       column(rows, func(r noticeRow) string { return r.Code }),
		"reason":     column(rows, func(r noticeRow) string { return r.Reason }),
		"sent":       column(rows, func(r noticeRow) *time.Time { return r.SentAt })}
}
