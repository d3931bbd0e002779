package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/roster"
)

// SiteEdit is a site as a person fills it in. Project is found from the section;
// without a region the site belongs to the county it lies in.
type SiteEdit struct {
	roster.Site
	Route      string // 转移路线
	ClosesGate bool   // 禁入时闸机不放行
	Closed     bool
}

const longestText = 200

func (s SiteEdit) wrong(at time.Time) []errs.Detail {
	d := s.Validate()
	add := func(bad bool, where, text, mend string) {
		if bad {
			d = append(d, errs.Detail{Where: where, Text: text, Mend: mend})
		}
	}
	for where, text := range map[string]string{"name": s.Name, "code": s.Code, "risk_reason": s.RiskReason, "muster_point": s.MusterPoint, "route": s.Route} {
		add(len([]rune(text)) > longestText, where, "太长", "请写在 200 字以内")
	}
	add(!slices.Contains([]roster.Signal{roster.NoSignal, roster.WeakSignal, roster.GoodSignal}, s.Signal), "signal", "不认识的通信信号", "none、weak 或 good")
	add(s.Sleeps && s.MusterPoint == "", "muster_point", "住人的点位没有集合点", "请填写撤离时到哪里集合")
	add(s.From.After(at), "from", "生效时间在将来", "请填写已经生效的时间，或留空")
	slices.SortStableFunc(d, func(a, b errs.Detail) int { return cmpText(a.Where, b.Where) })
	return d
}

func cmpText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// CreateSite stores a new site whose place lies in the scope.
func (db *DB) CreateSite(ctx context.Context, scope account.Scope, s SiteEdit, by Actor, o Once, at time.Time) (uuid.UUID, error) {
	var id uuid.UUID
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		var err error
		id, err = once(ctx, tx, o, at, func() (uuid.UUID, error) {
			s.ID = newID()
			if err := prepareSite(ctx, tx, scope, &s, at); err != nil {
				return s.ID, err
			}
			return s.ID, writeSite(ctx, tx, s, "create_site", by, at)
		})
		return err
	})
	return id, err
}

// UpdateSite replaces what is stored about a site of the scope; its new place
// must lie in the scope as well. A site with a warning in force cannot be closed.
func (db *DB) UpdateSite(ctx context.Context, scope account.Scope, version int, s SiteEdit, by Actor, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		before, have, err := placeOfSite(ctx, tx, scope, s.ID)
		if err != nil {
			return err
		}
		if err := changed(have, version); err != nil {
			return err
		}
		if err := prepareSite(ctx, tx, scope, &s, at); err != nil {
			return err
		}
		if s.Closed {
			if warned, err := exists(ctx, tx, `SELECT FROM target t JOIN warning w ON w.id = t.warning_id
				WHERE t.site_id = $1 AND t.until_revision IS NULL AND w.state IN ('active', 'expired')`, s.ID); err != nil || warned {
				return firstOf(err, errs.New(errs.Conflict, "site_warned", "这个点位还有未解除的预警，不能关闭"))
			}
		}
		if err := writeSite(ctx, tx, s, "change_site", by, at); err != nil {
			return err
		}
		if before != s.place() {
			return announce(ctx, tx, "site", s.ID, before, at) // those who had it in their scope hear of it, too
		}
		return nil
	})
}

// firstOf is the first error of several.
func firstOf(list ...error) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}

func (s SiteEdit) place() place {
	return place{region: string(s.Region), project: s.ProjectID, section: s.SectionID}
}

// prepareSite fills in what follows from the rest, and refuses what cannot be.
func prepareSite(ctx context.Context, tx pgx.Tx, scope account.Scope, s *SiteEdit, at time.Time) error {
	if err := refuseWrong(s.wrong(at)); err != nil {
		return err
	}
	if err := tx.QueryRow(ctx, "SELECT project_id FROM section WHERE id = $1", s.SectionID).Scan(&s.ProjectID); err != nil {
		return notFoundAs(kindOf(err), "合同段")
	}
	if s.Region == "" {
		run, rows := importRun{tx: tx}, []roster.SiteRow{{Site: s.Site}}
		if err := run.locate(ctx, rows); err != nil {
			return err
		}
		s.Region = rows[0].Site.Region
	}
	if known, err := exists(ctx, tx, "SELECT FROM region WHERE code = $1", string(s.Region)); err != nil || !known {
		return firstOf(err, refuseWrong([]errs.Detail{{Where: "region", Text: "没有这个行政区划", Mend: "请从区划表中选择，或留空按位置确定"}}))
	}
	if !scope.Holds(account.Place{Region: string(s.Region), Project: s.ProjectID, Section: s.SectionID, SiteID: s.ID}) {
		return errs.New(errs.Outside, "outside", "点位不在您的管辖范围").With(errs.Detail{Where: "section_id", Text: "不在管辖范围", Mend: "请由管辖单位办理"})
	}
	if other, err := exists(ctx, tx, "SELECT FROM site WHERE section_id = $1 AND code = $2 AND id <> $3", s.SectionID, s.Code, s.ID); err != nil || other {
		return firstOf(err, taken("code", "本合同段已有编号为 "+s.Code+" 的点位"))
	}
	return nil
}

func writeSite(ctx context.Context, tx pgx.Tx, s SiteEdit, act string, by Actor, at time.Time) error {
	row, err := newSiteRow(s.Site, at)
	if err != nil {
		return errs.New(errs.Fix, "site_shape", "图形太大，无法建立索引").With(errs.Detail{Where: "geometry", Text: "图形太大", Mend: "请拆成几个点位"})
	}
	var closed *time.Time
	if s.Closed {
		closed = &at
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO site (id, project_id, section_id, code, name, kind, sleeps, at_risk, risk_reason, low_danger_until, region, datum,
		                  geom, h3_5, h3_7, h3_9, signal, muster_point, beds, valid_from, recorded_at, route, closes_gate, closed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
		ON CONFLICT (id) DO UPDATE
		SET project_id = excluded.project_id, section_id = excluded.section_id, code = excluded.code, name = excluded.name,
		    kind = excluded.kind, sleeps = excluded.sleeps, at_risk = excluded.at_risk, risk_reason = excluded.risk_reason,
		    region = excluded.region, datum = excluded.datum, geom = excluded.geom, h3_5 = excluded.h3_5, h3_7 = excluded.h3_7,
		    h3_9 = excluded.h3_9, signal = excluded.signal, muster_point = excluded.muster_point, beds = excluded.beds,
		    route = excluded.route, closes_gate = excluded.closes_gate,
		    closed_at = CASE WHEN excluded.closed_at IS NULL THEN NULL ELSE coalesce(site.closed_at, excluded.closed_at) END,
		    valid_from = excluded.valid_from, recorded_at = excluded.recorded_at`,
		append(row.values(), s.Route, s.ClosesGate, closed)...)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM site_cell WHERE site_id = $1", s.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "INSERT INTO site_cell (h3_7, site_id, home) SELECT unnest($1::bigint[]), $2, $3", row.cells, s.ID, row.h3[1]); err != nil {
		return err
	}
	if err := audit(ctx, tx, by, act, "site", s.ID.String(), map[string]any{"closed": s.Closed}, at); err != nil {
		return err
	}
	return announce(ctx, tx, "site", s.ID, s.place(), at)
}
