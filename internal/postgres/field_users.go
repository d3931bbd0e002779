package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/internal/account"
)

// fieldPosts are the posts that have a role of the field, by what the account of
// their holder may do; a chief supervisor and a supervisor are the same to it.
const fieldPosts = `
	SELECT p.person_id, p.unit_kind, p.unit_id, p.valid_from, p.valid_until,
	       CASE WHEN s.kind = 'supervision' THEN 'supervisor' WHEN p.role = 'safety' THEN 'section_deputy' ELSE p.role END AS role
	FROM   post p LEFT JOIN section s ON p.unit_kind = 'section' AND s.id = p.unit_id
	JOIN   person h ON h.id = p.person_id AND h.phone_hash IS NOT NULL
	WHERE  (p.role = ANY(ARRAY['section_lead', 'section_deputy', 'safety', 'supervisor']) AND p.unit_kind = 'section'
	        OR p.role = 'site_lead' AND p.unit_kind = 'site' OR p.role = 'owner' AND p.unit_kind = 'project')
	AND    (p.valid_until IS NULL OR p.valid_until > @at)`

// OpenFieldUsers makes an account, without a password, for everybody who has a
// phone number and a post with a role of the field, and no account yet; its grants
// are those posts. It gives how many it made.
func (db *DB) OpenFieldUsers(ctx context.Context, by Actor, at time.Time) (int, error) {
	var made int
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `
			WITH f AS (`+fieldPosts+`), made AS (
				INSERT INTO app_user (id, login, title, password_hash, person_id, recorded_at)
				SELECT gen_random_uuid(), 'f-' || replace(person_id::text, '-', ''), '现场账号', '', person_id, @at
				FROM   (SELECT DISTINCT person_id FROM f) f
				WHERE  NOT EXISTS (SELECT FROM app_user u WHERE u.person_id = f.person_id)
				ON CONFLICT DO NOTHING RETURNING id, person_id), granted AS (
				INSERT INTO user_grant (id, user_id, role, project_id, section_id, site_id, from_at, until_at, granted_by)
				SELECT gen_random_uuid(), m.id, f.role, CASE f.unit_kind WHEN 'project' THEN f.unit_id END,
				       CASE f.unit_kind WHEN 'section' THEN f.unit_id END, CASE f.unit_kind WHEN 'site' THEN f.unit_id END,
				       min(f.valid_from), nullif(max(coalesce(f.valid_until, 'infinity')), 'infinity'), @by
				FROM   f JOIN made m USING (person_id) GROUP BY m.id, f.role, f.unit_kind, f.unit_id)
			SELECT count(*) FROM made`, pgx.NamedArgs{"at": at, "by": nilID(by.ID)}).Scan(&made)
		if err != nil || made == 0 {
			return err
		}
		return audit(ctx, tx, by, "open_field_users", "user", "", map[string]any{"count": made, "roles": account.FieldRoles()}, at)
	})
	return made, err
}
