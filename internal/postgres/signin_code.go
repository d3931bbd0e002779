package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/clock"
	"muster/internal/errs"
)

// inTheFieldSQL: the user u holds one of the roles $2 at the instant $3.
const inTheFieldSQL = `EXISTS (SELECT FROM user_grant g WHERE g.user_id = u.id AND g.role = ANY($2) AND g.from_at <= $3 AND (g.until_at IS NULL OR g.until_at > $3))`

// PhoneUser is the account that a phone number signs in to: its person has the
// number, and it holds a role of the field at that instant. errs.NotFound when
// there is none. hashes are the number's under every key.
func (db *DB) PhoneUser(ctx context.Context, hashes []string, at time.Time) (uuid.UUID, error) {
	var id uuid.UUID
	err := db.pool.QueryRow(ctx, `
		SELECT u.id FROM person p JOIN app_user u ON u.person_id = p.id
		WHERE  p.phone_hash = ANY($1) AND u.disabled_at IS NULL
		AND    `+inTheFieldSQL+`
		ORDER  BY u.recorded_at, u.id LIMIT 1`, hashes, account.FieldRoles(), at).Scan(&id)
	return id, kindOf(err)
}

// AskedCode is a code that somebody asks for. Phones are the hashes of the number
// under every key, the current one first.
type AskedCode struct {
	ID       uuid.UUID
	Phones   []string
	Address  string
	CodeHash string
	User     uuid.UUID // uuid.Nil: the number is nobody's
}

// codesKept is how long a used or expired code is still counted and looked at.
const codesKept = 24 * time.Hour

// KeepCode writes a code down, or refuses it (errs.Limit) when its number or its
// address asked too often. Known and unknown numbers are counted alike.
func (db *DB) KeepCode(ctx context.Context, c AskedCode, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		// One at a time, or ten that ask at once would all come past the count.
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('sign_in_code', 0))"); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "DELETE FROM sign_in_code WHERE made_at < $1", at.Add(-codesKept)); err != nil {
			return err
		}
		next, err := codeAllowed(ctx, tx, c, at)
		if err != nil {
			return err
		}
		if next.After(at) {
			return errs.New(errs.Limit, "codes_limit", "要得太频繁，请在 %s 之后再试", next.In(clock.Shanghai).Format("15:04:05"))
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO sign_in_code (id, phone_hash, address_hash, code_hash, user_id, made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			c.ID, c.Phones[0], c.Address, c.CodeHash, nilID(c.User), at, at.Add(account.CodeLife))
		return err
	})
}

func codeAllowed(ctx context.Context, tx pgx.Tx, c AskedCode, at time.Time) (time.Time, error) {
	next := at
	for _, q := range []struct {
		sql   string
		value any
		rates []account.Rate
	}{
		{"SELECT made_at FROM sign_in_code WHERE phone_hash = ANY($1) AND made_at > $2", c.Phones, account.PhoneRates},
		{"SELECT made_at FROM sign_in_code WHERE address_hash = $1 AND made_at > $2", c.Address, account.AddressRates},
	} {
		rows, err := tx.Query(ctx, q.sql, q.value, at.Add(-time.Hour))
		if err != nil {
			return next, err
		}
		past, err := pgx.CollectRows(rows, pgx.RowTo[time.Time])
		if err != nil {
			return next, err
		}
		if free := account.MayAgain(past, q.rates, at); free.After(next) {
			next = free
		}
	}
	return next, nil
}

type keptCode struct {
	ID        uuid.UUID
	CodeHash  string
	UserID    *uuid.UUID
	ExpiresAt time.Time
	Tries     int
	UsedAt    *time.Time
}

// UseCode tries the newest code of a number and uses it up; matches compares the
// typed code with the hash of a row. Each try counts, also those that come at the
// same time. A wrong code, an expired or used one and a number that nobody has
// answer alike (errs.SignIn).
func (db *DB) UseCode(ctx context.Context, phones []string, matches func(id uuid.UUID, hash string) bool, at time.Time) (uuid.UUID, error) {
	c, err := db.spendCode(ctx, phones, func(c keptCode) bool { return c.UserID != nil && matches(c.ID, c.CodeHash) }, at)
	return deref(c.UserID), err
}

// UsePhoneCode is UseCode for a code that signs nobody in: it proves that somebody
// has the phone of that number.
func (db *DB) UsePhoneCode(ctx context.Context, phones []string, matches func(id uuid.UUID, hash string) bool, at time.Time) error {
	_, err := db.spendCode(ctx, phones, func(c keptCode) bool { return matches(c.ID, c.CodeHash) }, at)
	return err
}

func (db *DB) spendCode(ctx context.Context, phones []string, good func(keptCode) bool, at time.Time) (keptCode, error) {
	wrong := errs.New(errs.SignIn, "wrong_code", "验证码不对，或已失效")
	var spent keptCode
	refused := error(wrong)
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		c, err := one[keptCode](ctx, tx, `
			SELECT id, code_hash, user_id, expires_at, tries, used_at FROM sign_in_code
			WHERE  phone_hash = ANY($1) ORDER BY made_at DESC LIMIT 1 FOR UPDATE`, phones)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			return nil
		case err != nil:
			return err
		case c.UsedAt != nil || !at.Before(c.ExpiresAt):
			return nil
		case c.Tries >= account.CodeTries:
			refused = errs.New(errs.Limit, "code_spent", "输错次数过多，请重新获取验证码")
			return nil
		}
		spent, refused = keptCode{}, wrong
		if good(c) {
			spent, refused = c, nil
			_, err = tx.Exec(ctx, "UPDATE sign_in_code SET used_at = $2 WHERE id = $1", c.ID, at)
			return err
		}
		_, err = tx.Exec(ctx, "UPDATE sign_in_code SET tries = tries + 1 WHERE id = $1", c.ID)
		return err
	})
	if err == nil {
		err = refused
	}
	return spent, err
}

// LinkPerson says who an account's user is: from then on his phone number signs
// in to it, and notices to him are on its screen.
func (db *DB) LinkPerson(ctx context.Context, user, person uuid.UUID, by Actor, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, "UPDATE app_user SET person_id = $2 WHERE id = $1", user, person)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return notFound("账号")
		}
		return audit(ctx, tx, by, "link_person", "user", user.String(), nil, at)
	})
}

// PhoneOfLogin is the sealed phone number of an account's person; errs.NotFound
// where it has none. For the demonstration, which prints it.
func (db *DB) PhoneOfLogin(ctx context.Context, login string) (person uuid.UUID, sealed string, err error) {
	err = db.pool.QueryRow(ctx, "SELECT p.id, p.phone_sealed FROM app_user u JOIN person p ON p.id = u.person_id WHERE u.login = $1 AND p.phone_sealed IS NOT NULL", login).
		Scan(&person, &sealed)
	return person, sealed, kindOf(err)
}
