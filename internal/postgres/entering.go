package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/response"
	"muster/internal/roster"
)

// entered is a person who went into a site that is under a live warning, after
// it was asked to do something.
type entered struct {
	ResponseID uuid.UUID
	PersonID   uuid.UUID
	PhoneHash  *string
	Language   string
	Back       bool // the site had reported that everybody is out
}

// entering is what passes mean for the sites they lead into: whoever enters under
// a live warning is told; where everybody was reported out, or the site is kept
// closed, an entry opens the target again. A pass from before that (a backlog)
// means neither.
func entering(ctx context.Context, tx pgx.Tx, passes []roster.Pass, at time.Time) error {
	var in []roster.Pass
	for _, p := range passes {
		if p.Direction == roster.In {
			in = append(in, p)
		}
	}
	if len(in) == 0 {
		return nil
	}
	list, err := collect[entered](ctx, tx, `
		SELECT r.id AS response_id, p.id AS person_id, p.phone_hash, p.language,
		       r.measure IN ('evacuate', 'keep_out') AND r.state IN ('carried_out', 'reported', 'confirmed', 'verified')
		       AND x.t > coalesce((SELECT max(least(e.at, e.recorded_at)) FROM response_event e WHERE e.response_id = r.id
		                           AND e.event IN ('reported', 'carried_out')), r.opened_at) AS back
		FROM   unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS x (person, site, t)
		JOIN   response r ON r.site_id = x.site AND r.ended_at IS NULL AND r.state NOT IN ('expired_open', 'inspecting') AND x.t > r.opened_at
		JOIN   presence i ON i.person_id = x.person AND i.site_id = x.site AND i.inside
		JOIN   person p ON p.id = x.person
		ORDER  BY r.id, p.id`,
		column(in, func(p roster.Pass) uuid.UUID { return p.PersonID }), column(in, func(p roster.Pass) uuid.UUID { return p.SiteID }),
		column(in, func(p roster.Pass) time.Time { return p.DeviceTime }))
	if err != nil || len(list) == 0 {
		return err
	}
	of := map[uuid.UUID][]entered{}
	var ids []uuid.UUID
	for _, e := range list {
		if of[e.ResponseID] == nil {
			ids = append(ids, e.ResponseID)
		}
		of[e.ResponseID] = append(of[e.ResponseID], e)
	}
	threads, err := lockThreads(ctx, tx, ids)
	if err != nil {
		return err
	}
	for i := range threads {
		if err := enteredAt(ctx, tx, &threads[i], of[threads[i].ID], at); err != nil {
			return err
		}
	}
	return announceThreads(ctx, tx, threads, at)
}

func enteredAt(ctx context.Context, tx pgx.Tx, t *thread, people []entered, at time.Time) error {
	b, err := briefFor(ctx, tx, *t, at)
	if err != nil {
		return err
	}
	if err := tellArriving(ctx, tx, b, *t, people, at); err != nil {
		return err
	}
	if t.AcknowledgedAt != nil {
		if err := beginMuster(ctx, tx, *t, at); err != nil {
			return err
		}
	}
	back := 0
	for _, p := range people {
		if p.Back {
			back++
		}
	}
	if back == 0 {
		return nil
	}
	return happen(ctx, tx, t, response.Reenter, stepTo{EventID: newID(), At: at, Actor: machine, Words: "有人经闸机返回",
		Detail: map[string]any{"people": back}, FlagsMore: []string{"reentry"}}, at)
}

// tellArriving writes to the people who come in late. One of them who has left
// again before the notice leaves is not called (see leaving).
func tellArriving(ctx context.Context, tx pgx.Tx, b brief, t thread, people []entered, at time.Time) error {
	var calls []call
	var who [][]party
	for _, step := range b.rules.Tell(response.NoticeArrival) {
		for _, p := range people {
			calls = append(calls, call{thread: &t, step: step, event: p.PersonID})
			who = append(who, []party{{p.PersonID, p.PhoneHash, p.Language}})
		}
	}
	return writeNotices(ctx, tx, b, group(calls, who), nil, at)
}

// leaving stops what was to be told to people who have gone again.
func leaving(ctx context.Context, tx pgx.Tx, passes []roster.Pass) error {
	var out []uuid.UUID
	for _, p := range passes {
		if p.Direction == roster.Out {
			out = append(out, p.PersonID)
		}
	}
	if len(out) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		UPDATE notice n SET state = 'superseded', reason_code = 'left', reason = '本人已离开'
		WHERE  n.kind = 'arrival' AND n.summons_id IS NULL AND n.party_id = ANY($1) AND n.state IN ('queued', 'failed_now')
		AND    NOT EXISTS (SELECT FROM presence p WHERE p.person_id = n.party_id AND p.inside)`, out)
	return err
}

// tellArrivals gives the lift to those who were told when they came in late.
func tellArrivals(ctx context.Context, tx pgx.Tx, b brief, at time.Time) error {
	list, err := collect[struct {
		PersonID  uuid.UUID
		PhoneHash *string
		Language  string
		Channel   response.Channel
	}](ctx, tx, `
		SELECT DISTINCT n.party_id AS person_id, n.phone_hash, p.language, n.channel FROM notice n JOIN person p ON p.id = n.party_id
		WHERE  n.warning_id = $1 AND n.kind = 'arrival' AND n.state IN ('sending', 'sent', 'delivered', 'read', 'answered')
		ORDER  BY 1, 4`, b.WarningID)
	if err != nil {
		return err
	}
	var errands []errand
	for _, p := range list {
		errands = append(errands, errand{kind: response.NoticeLifted, person: &party{p.PersonID, p.PhoneHash, p.Language}, channel: p.Channel,
			rung: response.CopyRung, round: 2})
	}
	if _, err := tx.Exec(ctx, `
		UPDATE notice SET state = 'superseded', reason_code = 'lifted', reason = '预警已解除'
		WHERE  warning_id = $1 AND kind = 'arrival' AND state IN ('queued', 'failed_now')`, b.WarningID); err != nil {
		return err
	}
	return writeNotices(ctx, tx, b, errands, nil, at)
}
