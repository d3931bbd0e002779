package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/warning"
)

// placed is a placement with the episode's id.
type placed struct {
	warning.Placement
	episode uuid.UUID // zero for acknowledgements and errors
}

// placeMessage reads what is stored under the identities of a message, lets
// warning.Place decide, and writes the episode. Only one message is placed at a
// time: two of the same new episode would otherwise open two.
func placeMessage(ctx context.Context, tx pgx.Tx, m warning.Message, trusted []string, at time.Time) (placed, error) {
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtext('muster.place_message'))"); err != nil {
		return placed{}, err
	}
	known, err := knownIdentities(ctx, tx, m.Wanted())
	if err != nil {
		return placed{}, err
	}
	p := placed{Placement: warning.Place(m, known, trusted...)}
	switch {
	case p.New:
		p.episode = newID()
	case p.Episode != "":
		if p.episode, err = uuid.Parse(p.Episode); err != nil {
			return p, err
		}
	default:
		return p, nil
	}
	return p, writeEpisode(ctx, tx, p, at)
}

type knownRow struct {
	Status    string
	Authority string
	ID        string
	Tombstone bool
	Refs      []string // authority, id, authority, id …
	Episode   uuid.UUID
	DecidedAt *time.Time
	Ended     bool
}

func knownIdentities(ctx context.Context, tx pgx.Tx, wanted []warning.Identity) ([]warning.Known, error) {
	status, authority, id := make([]string, len(wanted)), make([]string, len(wanted)), make([]string, len(wanted))
	for i, w := range wanted {
		status[i], authority[i], id[i] = string(w.Status), w.Authority, w.ID
	}
	rows, err := collect[knownRow](ctx, tx, `
		WITH wanted AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) w(status, authority, id))
		SELECT w.status, w.authority, w.id, false AS tombstone,
		       coalesce((SELECT array_agg(x ORDER BY f.authority, f.identifier, o) FROM message_reference f,
		                 LATERAL unnest(ARRAY[f.authority, f.identifier]) WITH ORDINALITY u(x, o) WHERE f.message_id = m.id), '{}') AS refs,
		       e.id AS episode, e.decided_at, e.ended
		FROM   wanted w JOIN message m ON m.identity_id = w.id AND m.identity_authority = w.authority AND m.status = w.status
		JOIN   episode e ON e.id = m.episode_id
		UNION  ALL
		SELECT w.status, w.authority, w.id, true, '{}', e.id, e.decided_at, e.ended
		FROM   wanted w JOIN message_tombstone t ON (t.status, t.authority, t.identifier) = (w.status, w.authority, w.id)
		JOIN   episode e ON e.id = t.episode_id`, status, authority, id)
	if err != nil {
		return nil, err
	}
	var known []warning.Known
	for _, r := range rows {
		k := warning.Known{Identity: warning.Identity{Status: warning.Status(r.Status), Authority: r.Authority, ID: r.ID},
			Tombstone: r.Tombstone, Episode: r.Episode.String(), State: warning.EpisodeState{Ended: r.Ended}}
		if r.DecidedAt != nil {
			k.State.Decided = *r.DecidedAt
		}
		for i := 0; i+1 < len(r.Refs); i += 2 {
			k.Refers = append(k.Refers, warning.Identity{Status: k.Identity.Status, Authority: r.Refs[i], ID: r.Refs[i+1]})
		}
		known = append(known, k)
	}
	return known, nil
}

func writeEpisode(ctx context.Context, tx pgx.Tx, p placed, at time.Time) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO episode (id, opened_at, decided_at, ended) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO UPDATE SET decided_at = excluded.decided_at, ended = excluded.ended`,
		p.episode, at, nilTime(p.State.Decided), p.State.Ended)
	if err != nil {
		return err
	}
	for _, t := range p.Tombstones {
		if _, err := tx.Exec(ctx, `
			INSERT INTO message_tombstone (status, authority, identifier, episode_id) VALUES ($1, $2, $3, $4)
			ON CONFLICT DO NOTHING`, string(t.Status), t.Authority, t.ID, p.episode); err != nil {
			return err
		}
	}
	return mergeEpisodes(ctx, tx, p.episode, p.Merge)
}

// mergeEpisodes moves everything of episodes that turned out to be the same.
func mergeEpisodes(ctx context.Context, tx pgx.Tx, into uuid.UUID, merged []string) error {
	for _, from := range merged {
		for _, sql := range []string{
			"UPDATE message SET episode_id = $1 WHERE episode_id = $2::uuid",
			"UPDATE message_tombstone SET episode_id = $1 WHERE episode_id = $2::uuid",
			"UPDATE episode SET merged_into = $1 WHERE id = $2::uuid",
			// Two drafts of what is now one episode may stand side by side; a
			// person puts one away. Warnings in force are left as published.
			"UPDATE warning w SET episode_id = $1 WHERE w.episode_id = $2::uuid AND NOT EXISTS (SELECT FROM warning o WHERE o.episode_id = $1 AND o.hazard = w.hazard)",
		} {
			if _, err := tx.Exec(ctx, sql, into, from); err != nil {
				return err
			}
		}
	}
	return nil
}
