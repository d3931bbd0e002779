package postgres

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"muster/internal/response"
)

// summonsRow is one person's thread under one warning: the code that answers it.
type summonsRow struct {
	ID        uuid.UUID
	PersonID  uuid.UUID
	PhoneHash *string
	Language  string
	Code      string
}

// summon opens the thread of each person who is asked, or finds the one that is
// open, and keeps which sites it is about and on which rung. Who only gets a copy
// has a thread too; what he answers is kept and moves nothing.
func summon(ctx context.Context, tx pgx.Tx, b brief, calls []call, people [][]party, at time.Time) (map[uuid.UUID]summonsRow, error) {
	asked := map[uuid.UUID]party{}
	for i := range calls {
		for _, p := range people[i] {
			asked[p.PersonID] = p
		}
	}
	if len(asked) == 0 {
		return nil, nil
	}
	of, err := openSummons(ctx, tx, b, asked)
	if err != nil {
		return nil, err
	}
	if err := newSummons(ctx, tx, b, asked, of, at); err != nil {
		return nil, err
	}
	return of, aboutSites(ctx, tx, calls, people, of)
}

func openSummons(ctx context.Context, q querier, b brief, asked map[uuid.UUID]party) (map[uuid.UUID]summonsRow, error) {
	var persons []uuid.UUID
	for id := range asked {
		persons = append(persons, id)
	}
	list, err := collect[summonsRow](ctx, q, `
		SELECT id, person_id, phone_hash, language, code FROM summons
		WHERE  warning_id IS NOT DISTINCT FROM $1 AND response_id IS NOT DISTINCT FROM $2 AND person_id = ANY($3)`,
		b.WarningID, b.ResponseID, persons)
	of := map[uuid.UUID]summonsRow{}
	for _, s := range list {
		of[s.PersonID] = s
	}
	return of, err
}

func newSummons(ctx context.Context, tx pgx.Tx, b brief, asked map[uuid.UUID]party, of map[uuid.UUID]summonsRow, at time.Time) error {
	var phones []string
	for id, p := range asked {
		if _, there := of[id]; !there && p.PhoneHash != nil {
			phones = append(phones, *p.PhoneHash)
		}
	}
	taken, err := codesOf(ctx, tx, phones)
	if err != nil {
		return err
	}
	var fresh []summonsRow
	for _, id := range slices.SortedFunc(maps.Keys(asked), func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }) {
		p := asked[id]
		if _, there := of[id]; there {
			continue
		}
		s := summonsRow{newID(), id, p.PhoneHash, p.Language, newCode(taken[textOf(p.PhoneHash)])}
		of[id] = s
		fresh = append(fresh, s)
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO summons (id, mode, warning_id, response_id, person_id, phone_hash, language, code, opened_at)
		SELECT id, @mode, @warning, @response, person, phone, language, code, @at
		FROM   unnest(@id::uuid[], @person::uuid[], @phone::text[], @language::text[], @code::text[]) AS s (id, person, phone, language, code)`,
		pgx.NamedArgs{"mode": b.Mode, "warning": b.WarningID, "response": b.ResponseID, "at": at,
			"id":       column(fresh, func(s summonsRow) uuid.UUID { return s.ID }),
			"person":   column(fresh, func(s summonsRow) uuid.UUID { return s.PersonID }),
			"phone":    column(fresh, func(s summonsRow) *string { return s.PhoneHash }),
			"language": column(fresh, func(s summonsRow) string { return s.Language }),
			"code":     column(fresh, func(s summonsRow) string { return s.Code })})
	return err
}

// codesOf are the codes that are open on phones: a new one must differ, because a
// reply names nothing but the code.
func codesOf(ctx context.Context, q querier, phones []string) (map[string]map[string]bool, error) {
	list, err := collect[struct{ PhoneHash, Code string }](ctx, q,
		"SELECT phone_hash, code FROM summons WHERE phone_hash = ANY($1) AND dead_at IS NULL", phones)
	taken := map[string]map[string]bool{}
	for _, r := range list {
		if taken[r.PhoneHash] == nil {
			taken[r.PhoneHash] = map[string]bool{}
		}
		taken[r.PhoneHash][r.Code] = true
	}
	return taken, err
}

// newCode draws six digits that are not taken. Two transactions that draw the
// same for one phone are told apart by the index summons_code; the later one is
// run again.
func newCode(taken map[string]bool) string {
	for {
		n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
		if err != nil {
			panic(err) // the machine has no randomness
		}
		if code := fmt.Sprintf("%06d", n); !taken[code] {
			return code
		}
	}
}

// sameCode says that two transactions drew the same code for one phone, or opened
// the thread of one person at once.
func sameCode(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pg.Code == "23505" && pg.TableName == "summons"
}

type aboutSite struct {
	summons, response uuid.UUID
	rung              int
}

// aboutSites keeps which sites each person was asked about, and on which rung
// first. A copy that becomes a call counts as the call.
func aboutSites(ctx context.Context, tx pgx.Tx, calls []call, people [][]party, of map[uuid.UUID]summonsRow) error {
	var list []aboutSite
	for i, c := range calls {
		for _, p := range people[i] {
			rung := c.step.Rung
			if !c.step.Kind.AsksCharge() {
				rung = response.CopyRung
			}
			list = append(list, aboutSite{of[p.PersonID].ID, c.thread.ID, rung})
		}
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO summons_target (summons_id, response_id, rung)
		SELECT s, r, coalesce(min(g) FILTER (WHERE g >= 0), -1) FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS a (s, r, g) GROUP BY s, r ORDER BY s, r
		ON CONFLICT (summons_id, response_id) DO UPDATE SET rung = excluded.rung WHERE summons_target.rung < 0 AND excluded.rung >= 0`,
		column(list, func(a aboutSite) uuid.UUID { return a.summons }),
		column(list, func(a aboutSite) uuid.UUID { return a.response }),
		column(list, func(a aboutSite) int { return a.rung }))
	return err
}
