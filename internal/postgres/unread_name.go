package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/warning"
)

// UnreadName is a name of a draft that could not be found, with who answered for it.
type UnreadName struct {
	WarningID  uuid.UUID
	Name       string
	Answer     warning.NameAnswer
	Reason     string
	ByTitle    *string
	AnsweredAt *time.Time
}

const unreadNameSQL = `
	SELECT n.warning_id, n.name, n.answer, n.reason, u.title AS by_title, n.answered_at
	FROM   unread_name n LEFT JOIN app_user u ON u.id = n.answered_by WHERE `

// UnreadNames reads the unread names of warnings that the caller has read, in the
// order of the text.
func (db *DB) UnreadNames(ctx context.Context, warnings []uuid.UUID) (map[uuid.UUID][]UnreadName, error) {
	rows, err := collect[UnreadName](ctx, db.pool, unreadNameSQL+"n.warning_id = ANY($1) ORDER BY n.warning_id, n.seq", warnings)
	by := map[uuid.UUID][]UnreadName{}
	for _, r := range rows {
		by[r.WarningID] = append(by[r.WarningID], r)
	}
	return by, err
}

func namesOf(ctx context.Context, q querier, id uuid.UUID) ([]warning.UnreadName, error) {
	rows, err := collect[UnreadName](ctx, q, unreadNameSQL+"n.warning_id = $1 ORDER BY n.seq", id)
	return column(rows, func(n UnreadName) warning.UnreadName {
		return warning.UnreadName{Name: n.Name, Answer: n.Answer, Reason: n.Reason}
	}), err
}

// writeNames keeps with a draft which names its message has that nobody knows.
func writeNames(ctx context.Context, tx pgx.Tx, id uuid.UUID, names []string) error {
	_, err := tx.Exec(ctx, `INSERT INTO unread_name (warning_id, seq, name)
		SELECT $1, seq, name FROM unnest($2::text[]) WITH ORDINALITY AS n (name, seq)`, id, names)
	return err
}

// namesSettled refuses to publish a draft while one of its names is open. A lift
// reaches exactly those who were told, whatever its text names.
func namesSettled(ctx context.Context, tx pgx.Tx, w locked) error {
	if w.Intent == "lift" {
		return nil
	}
	names, err := namesOf(ctx, tx, w.ID)
	if err != nil {
		return err
	}
	return warning.NamesSettled(names)
}

// AnswerName keeps what a person says about an unread name of a draft. It is a new
// version: who looked before has not seen the answer.
func (db *DB) AnswerName(ctx context.Context, scope account.Scope, id uuid.UUID, version int, n warning.UnreadName, by Actor, o Once, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		_, err := once(ctx, tx, o, at, func() (uuid.UUID, error) {
			if _, err := lockWarning(ctx, tx, scope, id, version, "draft"); err != nil {
				return id, err
			}
			if err := editing(ctx, tx, id, by, at); err != nil {
				return id, err
			}
			return id, answerName(ctx, tx, id, n, by, at)
		})
		return err
	})
}

func answerName(ctx context.Context, tx pgx.Tx, id uuid.UUID, n warning.UnreadName, by Actor, at time.Time) error {
	names, err := namesOf(ctx, tx, id)
	if err != nil {
		return err
	}
	var drawn *time.Time
	if err := tx.QueryRow(ctx, "UPDATE warning SET version = version + 1 WHERE id = $1 RETURNING redrawn_at", id).Scan(&drawn); err != nil {
		return err
	}
	if n, err = warning.AnswerName(names, n.Name, n.Answer, n.Reason, drawn != nil); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "UPDATE unread_name SET answer = $3, reason = $4, answered_by = $5, answered_at = $6 WHERE warning_id = $1 AND name = $2",
		id, n.Name, n.Answer, n.Reason, by.ID, at); err != nil {
		return err
	}
	said := Reason{"name_" + string(n.Answer), "未能识别的地名“" + n.Name + "”：" + n.Answer.Label()}
	if n.Reason != "" {
		said.Text += "（" + n.Reason + "）"
	}
	if err := decide(ctx, tx, "warning", id, "name_answered", []Reason{said}, by.Name, at); err != nil {
		return err
	}
	if err := audit(ctx, tx, by, "answer_name", "warning", id.String(), map[string]any{"name": n.Name, "answer": n.Answer}, at); err != nil {
		return err
	}
	return announceWarning(ctx, tx, id, at)
}

// redrawn notes that a person is about to give a draft another area.
func redrawn(ctx context.Context, tx pgx.Tx, id uuid.UUID, now []Area, at time.Time) error {
	was, err := areasOf(ctx, tx, id, 0)
	if err != nil || slices.Equal(extent(column(was, AreaRow.area)), extent(now)) {
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE warning SET redrawn_at = $2 WHERE id = $1", id, at)
	return err
}

// extent is where areas are, whichever way they are parted.
func extent(areas []Area) []string {
	var parts []string
	for _, a := range areas {
		for _, r := range a.Regions {
			parts = append(parts, fmt.Sprint(a.Certain, r))
		}
		if len(a.Geometry) > 0 {
			parts = append(parts, fmt.Sprint(a.Certain, a.Geometry))
		}
	}
	slices.Sort(parts)
	return slices.Compact(parts)
}
