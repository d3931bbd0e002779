package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/response"
)

type toldRow struct {
	ResponseID uuid.UUID
	SummonsID  uuid.UUID
	PersonID   uuid.UUID
	PhoneHash  *string
	Language   string
	Code       string
	Called     bool // by more than the page
}

// tellTold tells exactly those who were told about sites, and nobody else: who
// was called and whose call left, and the groups that got a card. Whoever only
// found it on his page reads this there as well.
func tellTold(ctx context.Context, tx pgx.Tx, b brief, kind response.NoticeKind, threads []thread, event uuid.UUID, at time.Time) error {
	if len(threads) == 0 {
		return nil
	}
	rows, err := collect[toldRow](ctx, tx, `
		SELECT t.response_id, s.id AS summons_id, s.person_id, s.phone_hash, s.language, s.code, n.called
		FROM   summons_target t JOIN summons s ON s.id = t.summons_id
		CROSS  JOIN LATERAL (SELECT count(*) AS told, bool_or(channel <> 'app') AS called FROM notice
		       WHERE summons_id = s.id AND state IN ('sending', 'sent', 'delivered', 'read', 'answered')) n
		WHERE  t.response_id = ANY($1) AND NOT s.wrong_contact AND n.told > 0`,
		column(threads, func(t thread) uuid.UUID { return t.ID }))
	if err != nil {
		return err
	}
	byID := map[uuid.UUID]*thread{}
	for i := range threads {
		byID[threads[i].ID] = &threads[i]
	}
	var calls []call
	var people [][]party
	summons := map[uuid.UUID]summonsRow{}
	for _, step := range b.rules.Tell(kind) {
		for _, r := range rows {
			if step.Party != "" {
				continue
			}
			summons[r.PersonID] = summonsRow{r.SummonsID, r.PersonID, r.PhoneHash, r.Language, r.Code}
			step := step
			if !r.Called {
				step.Channels = []response.Channel{response.App}
			}
			calls = append(calls, call{thread: byID[r.ResponseID], step: step, event: event})
			people = append(people, []party{{r.PersonID, r.PhoneHash, r.Language}})
		}
	}
	errands := group(calls, people)
	units, err := toldUnits(ctx, tx, b, kind, threads, event)
	if err != nil {
		return err
	}
	return writeNotices(ctx, tx, b, append(errands, units...), summons, at)
}

// toldUnits are the groups, horns and systems that were told under the warning
// and have one of the sites.
func toldUnits(ctx context.Context, q querier, b brief, kind response.NoticeKind, threads []thread, event uuid.UUID) ([]errand, error) {
	if !slices.ContainsFunc(b.rules.Tell(kind), func(s response.Step) bool { return slices.ContainsFunc(s.Channels, response.Channel.ToUnit) }) {
		return nil, nil
	}
	accounts, err := collect[unitAccount](ctx, q, `
		SELECT a.id, a.unit_id, a.channel FROM channel_account a
		WHERE  a.disabled_at IS NULL AND a.unit_id IS NOT NULL
		AND    EXISTS (SELECT FROM notice n WHERE n.party_kind = 'unit' AND n.party_id = a.id AND n.warning_id = $1
		               AND n.state IN ('sending', 'sent', 'delivered', 'read', 'answered'))`, b.WarningID)
	if err != nil {
		return nil, err
	}
	var list []errand
	for i, a := range accounts {
		e := errand{kind: kind, account: &accounts[i], channel: a.Channel, rung: response.CopyRung, round: 1, event: event}
		for i := range threads {
			t := &threads[i]
			if a.UnitID == t.SiteID || a.UnitID == t.SectionID || a.UnitID == t.ProjectID {
				e.threads = append(e.threads, t)
			}
		}
		if len(e.threads) > 0 {
			list = append(list, e)
		}
	}
	return list, nil
}

// told is what is told at once.
type told struct {
	kind   response.NoticeKind
	event  uuid.UUID // when it can happen again
	reason string
	due    time.Time
}

// tellParties tells posts at once of what has no clock: support is needed, a site
// began by itself, somebody went back in.
func tellParties(ctx context.Context, tx pgx.Tx, b brief, why told, threads []thread, at time.Time) error {
	var calls []call
	for _, step := range b.rules.Tell(why.kind) {
		if step.Party == "" {
			continue
		}
		for i := range threads {
			calls = append(calls, call{thread: &threads[i], step: step, event: why.event, reason: why.reason, due: why.due})
		}
	}
	_, err := ask(ctx, tx, b, calls, at)
	return err
}
