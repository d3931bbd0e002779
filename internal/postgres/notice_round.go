package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/response"
)

// replaceRounds takes back rounds that have not left when the next one is written:
// after ten minutes without a carrier somebody is called once, not once for each
// round, and an authority gets the newest numbers only. A round that asks about a
// silent site which the new one does not name stays.
func replaceRounds(ctx context.Context, tx pgx.Tx, b brief, errands []errand, rows []noticeRow) error {
	var next []noticeRow
	var summons, about []uuid.UUID
	for i, row := range rows {
		if row.Round < 2 {
			continue
		}
		next = append(next, row)
		if row.SummonsID == nil {
			continue
		}
		for _, t := range errands[i].threads {
			summons, about = append(summons, *row.SummonsID), append(about, t.ID)
		}
	}
	if len(next) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		WITH next AS (
		    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int[], $6::int[]) AS x (summons, party, channel, kind, rung, round)
		), waiting AS (
		    SELECT n.id, n.summons_id, n.rung FROM next x JOIN notice n ON n.summons_id = x.summons AND n.party_id = x.party
		    AND    n.channel = x.channel AND n.kind = x.kind AND n.rung = x.rung AND n.round < x.round
		    WHERE  n.state IN ('queued', 'failed_now') AND n.warning_id = $7
		    UNION  ALL
		    SELECT n.id, NULL, n.rung FROM next x JOIN notice n ON x.summons IS NULL AND n.summons_id IS NULL AND n.party_id = x.party
		    AND    n.channel = x.channel AND n.kind = x.kind AND n.rung = x.rung AND n.round < x.round
		    WHERE  n.state IN ('queued', 'failed_now') AND n.warning_id = $7
		)
		UPDATE notice n SET state = 'superseded', reason_code = 'next_round', reason = '在发出之前已由下一轮代替'
		FROM   waiting w
		WHERE  n.id = w.id
		AND    NOT EXISTS (
		    SELECT FROM summons_target t JOIN response r ON r.id = t.response_id
		    WHERE  t.summons_id = w.summons_id AND t.rung = w.rung AND r.state IN ('pending', 'delivered', 'read', 'unanswered', 'reopened')
		    AND    (t.summons_id, r.id) NOT IN (SELECT * FROM unnest($8::uuid[], $9::uuid[])))`,
		column(next, func(r noticeRow) *uuid.UUID { return r.SummonsID }), column(next, func(r noticeRow) uuid.UUID { return r.PartyID }),
		column(next, func(r noticeRow) response.Channel { return r.Channel }), column(next, func(r noticeRow) response.NoticeKind { return r.Kind }),
		column(next, func(r noticeRow) int { return r.Rung }), column(next, func(r noticeRow) int { return r.Round }), b.WarningID, summons, about)
	return err
}
