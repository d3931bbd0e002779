package httpapi_test

import (
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
)

// says is the body of an answer; the ids are added when it is sent.
func says(o object) func(*world) any {
	return func(*world) any { return but(object{}, o) }
}

// asOwner runs SQL as the owner of the tables.
func (w *world) asOwner(sql string) {
	w.Helper()
	conn, err := pgx.Connect(w.Context(), w.owner)
	if err != nil {
		w.Fatal(err)
	}
	defer conn.Close(w.Context())
	if _, err := conn.Exec(w.Context(), sql); err != nil {
		w.Fatal(err)
	}
}

// responding is the id of what an example of the response is about: a thread in a
// state and with a measure ("moving evacuate"), or one of the others.
func (s *scenery) responding(place string, h holder, site string) string {
	switch place {
	case "":
		return ""
	case "watched":
		s.w.sql(`INSERT INTO oversight (id, warning_id, mode, authority_id, opened_at)
			SELECT gen_random_uuid(), $1, 'actual', id, $2 FROM authority ON CONFLICT DO NOTHING`, s.active[site], valley.Evening)
		return s.active[site].String()
	case "self":
		id, err := s.w.db.StartEvacuation(s.w.Context(), account.Everywhere(), postgres.SelfStart{SiteID: valley.ID(site), Mode: "actual",
			Cause: "site_lead", Reason: "看不准", By: postgres.Actor{Name: "test"}}, s.w.clock.Now())
		if err != nil {
			s.w.Fatal(err)
		}
		return id.String()
	case "inspected":
		id := s.thread(site, "inspecting", "stop")
		if err := s.w.db.Inspected(s.w.Context(), account.Everywhere(), postgres.Inspection{EventID: uuid.New(), Thread: id, By: postgres.Actor{Name: "test"},
			Checklist: []string{"边坡"}, Supervisor: true, At: s.w.clock.Now()}, s.w.clock.Now()); err != nil {
			s.w.Fatal(err)
		}
		return id.String()
	case "reply":
		return s.reply(site).String()
	case "notice":
		return s.notice(h, site).String()
	case "photo":
		return s.photo(site)
	}
	state, measure, _ := strings.Cut(place, " ")
	return s.thread(site, state, measure).String()
}

// thread puts the thread of a site under the province's warning into a state.
func (s *scenery) thread(site, state, measure string) uuid.UUID {
	s.w.Helper()
	return ask[uuid.UUID](s.w, `UPDATE response SET state = $3, measure = $4, level = 'red', since = $5, ended_at = NULL, reported_by = NULL, confirmed_by = NULL
		WHERE warning_id = $1 AND site_id = $2 RETURNING id`, s.active[site], valley.ID(site), state, measure, s.w.clock.Now())
}

// photo is one about the thread of a site.
func (s *scenery) photo(site string) string {
	s.w.Helper()
	id := ask[uuid.UUID](s.w, `
		INSERT INTO photo (id, response_id, content_type, size, sha256, object_key, taken_at, faults, taken_by, recorded_at)
		SELECT n, $1, 'image/jpeg', 4, '', 'photo/' || n || '/original', $2, '{}', (SELECT id FROM app_user LIMIT 1), $2 FROM gen_random_uuid() n
		RETURNING id`, s.thread(site, "moving", "evacuate"), s.w.clock.Now())
	s.put("photo/" + id.String() + "/original")
	return id.String()
}

// reply is a reply that led to nothing, of somebody who was asked about a site.
func (s *scenery) reply(site string) uuid.UUID {
	s.w.Helper()
	at := s.w.clock.Now()
	return ask[uuid.UUID](s.w, `
		WITH p AS (INSERT INTO person (id, name, recorded_at) VALUES (gen_random_uuid(), '示例', $1) RETURNING id),
		     s AS (INSERT INTO summons (id, mode, warning_id, person_id, language, code, opened_at)
		           SELECT gen_random_uuid(), 'actual', $2, id, 'zh', '000000', $1 FROM p RETURNING id),
		     t AS (INSERT INTO summons_target (summons_id, response_id, rung)
		           SELECT s.id, r.id, 0 FROM s, response r WHERE r.warning_id = $2 AND r.site_id = $3),
		     i AS (INSERT INTO inbound (id, received_at, body_sealed, body_hash) VALUES (gen_random_uuid(), $1, '', gen_random_uuid()::text::bytea) RETURNING id)
		INSERT INTO inbound_event (inbound_id, seq, kind, at, person_id, verdict, said) SELECT i.id, 0, 'reply', $1, p.id, 'not_understood', '在路上' FROM i, p
		RETURNING inbound_id`, at, s.active[site], valley.ID(site))
}

// notice is one on the holder's own screen; outside, on somebody else's.
func (s *scenery) notice(h holder, site string) uuid.UUID {
	s.w.Helper()
	person := uuid.NewSHA1(valley.ID(h.login), []byte("person"))
	s.w.sql("INSERT INTO person (id, name, recorded_at) VALUES ($1, '示例', $2) ON CONFLICT DO NOTHING", person, valley.Evening)
	s.w.sql("UPDATE app_user SET person_id = $1 WHERE login = $2", person, h.login)
	if site == h.outside {
		person = valley.ID(valley.NameOfLead)
	}
	return ask[uuid.UUID](s.w, `
		INSERT INTO notice (id, mode, warning_id, revision, kind, occasion, party_kind, party_id, rung, round, channel, priority, wording, created_at,
		                    due_at, state, next_at, sent_at)
		VALUES (gen_random_uuid(), 'actual', $1, 1, 'copy', gen_random_uuid(), 'person', $2, -1, 1, 'app', 90, '{"Text": "示例"}', $3, $3, 'sent', $3, $3)
		RETURNING id`, s.active[valley.Home], person, s.w.clock.Now().Add(-time.Minute))
}
