package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/geo"
	"muster/internal/warning"
)

// autoDraft is a draft with what the decision to forward it by itself rests on.
type autoDraft struct {
	ID            uuid.UUID
	Kind          string
	Mode          string
	Intent        string
	Hazard        warning.Hazard
	Level         warning.Level
	Expires       time.Time
	AuthorityID   uuid.UUID
	Source        string
	Flags         []warning.Flag
	Unread        []string
	AutoState     string
	AutoID        *uuid.UUID
	FollowsID     *uuid.UUID
	FollowedKind  *string
	FollowedLevel *warning.Level
}

const autoDraftSQL = `
	SELECT w.id, w.kind, w.mode, w.intent, w.hazard, w.level, w.expires, w.authority_id, coalesce(r.source, '') AS source,
	       coalesce(m.flags, '{}') AS flags, ARRAY(SELECT n.name FROM unread_name n WHERE n.warning_id = w.id ORDER BY n.seq) AS unread,
	       w.auto_state, w.auto_id, w.follows_id, f.kind AS followed_kind, f.level AS followed_level
	FROM   warning w LEFT JOIN message m ON m.id = w.message_id LEFT JOIN raw_message r ON r.id = m.raw_id
	LEFT   JOIN warning f ON f.id = w.follows_id WHERE w.id = $1`

// facts are what can be said without matching.
func (d autoDraft) facts(c Content) warning.Forwarding {
	f := warning.Forwarding{Kind: d.Kind, Mode: d.Mode, Intent: d.Intent, Hazard: d.Hazard, Level: d.Level, Source: d.Source, Flags: d.Flags, Unread: d.Unread}
	if d.FollowedKind != nil {
		f.ByHand = *d.FollowedKind != "auto_relay"
		f.Sinks = d.Level.Rank() < d.FollowedLevel.Rank()
	}
	for _, a := range c.Areas {
		f.Vague = f.Vague || !a.Certain
		f.KM2 += geo.SquareKm(a.Geometry)
	}
	return f
}

// regionsKM2 is the size of named regions; a township without an outline counts
// as its county. known is false where there is none at all.
func regionsKM2(ctx context.Context, q querier, c Content) (km2 float64, known bool, err error) {
	var codes []string
	for _, a := range c.Areas {
		codes = append(codes, a.Regions...)
	}
	err = q.QueryRow(ctx, `
		SELECT coalesce(sum(ST_Area(g.geom::geography)) / 1e6, 0), count(*) FILTER (WHERE g.region IS NULL) = 0
		FROM   (SELECT DISTINCT coalesce(own.region, county.region) AS region, coalesce(own.geom, county.geom) AS geom
		        FROM   unnest($1::text[]) AS code LEFT JOIN region_area own ON own.region = code
		        LEFT   JOIN region_area county ON county.region = left(code, 6) || '000000') g`, codes).Scan(&km2, &known)
	return km2, known, kindOf(err)
}

// judgeAuto decides about a draft as it is now: first by what needs no matching,
// then by its sites.
func judgeAuto(ctx context.Context, tx pgx.Tx, d autoDraft, at time.Time) (*Standing, []Reason, error) {
	c, err := contentOf(ctx, tx, d.ID)
	if err != nil {
		return nil, nil, err
	}
	signed, err := collect[Standing](ctx, tx, standingSQL+"s.authority_id = $1 AND s.revoked_at IS NULL AND s.valid_until > $2 ORDER BY s.id", d.AuthorityID, at)
	if err != nil {
		return nil, nil, err
	}
	f := d.facts(c)
	km2, known, err := regionsKM2(ctx, tx, c)
	if err != nil {
		return nil, nil, err
	}
	f.KM2, f.NoArea = f.KM2+km2, !known
	chosen, why := forward(signed, f, at)
	if chosen == nil {
		return nil, why, nil
	}
	if err := matchAuto(ctx, tx, d, c, &f, at); err != nil {
		return nil, nil, err
	}
	chosen, why = forward(signed, f, at)
	return chosen, why, nil
}

func forward(signed []Standing, f warning.Forwarding, at time.Time) (*Standing, []Reason) {
	chosen, why := warning.Forward(column(signed, Standing.mandate), f, at)
	if chosen == nil {
		return nil, column(why, func(h warning.Hold) Reason { return Reason(h) })
	}
	for i := range signed {
		if signed[i].ID == chosen.ID {
			return &signed[i], nil
		}
	}
	return nil, nil
}

// matchAuto adds the sites that publishing would tell now.
func matchAuto(ctx context.Context, tx pgx.Tx, d autoDraft, c Content, f *warning.Forwarding, at time.Time) error {
	scope, err := authorityScope(ctx, tx, d.AuthorityID, at)
	if err != nil {
		return err
	}
	self := &d.ID
	if d.FollowsID != nil {
		self = d.FollowsID
	}
	pre, err := preview(ctx, tx, scope, d.AuthorityID, self, c, at)
	if err != nil {
		return err
	}
	f.Matched = true
	f.Targets = column(pre.Targets, func(t Target) warning.ForwardTarget {
		return warning.ForwardTarget{Measure: t.Measure, Sleeps: t.Sleeps, AtRisk: t.AtRisk, Certain: t.MatchCertain}
	})
	if d.FollowsID == nil {
		return nil
	}
	standing, order, err := standings(ctx, tx, *d.FollowsID)
	if err != nil {
		return err
	}
	diff := compare(standing, order, pre.Targets)
	f.Released = len(diff.Released)
	for _, t := range pre.Targets {
		was, stood := standing[t.SiteID]
		f.Sinks = f.Sinks || stood && (t.Measure.Strictness() < was.Measure.Strictness() || t.standing().Level.Rank() < was.Level.Rank())
	}
	return nil
}
