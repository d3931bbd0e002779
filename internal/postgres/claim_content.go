package postgres

import (
	"time"

	"github.com/paulmach/orb"

	"muster/internal/warning"
)

// defaultValidity is for a message that names no end (CAP 1.2 §3.2.2: each
// recipient sets its own policy); never for ever.
const defaultValidity = 24 * time.Hour

// claimed is a content with what its areas exclude, in the same order.
type claimed struct {
	Content
	excluded []orb.MultiPolygon
}

// contentsOf turns the claims of a message into contents, one per hazard, in the
// order in which the hazards first appear. What is not certain (an issuing
// office's territory, regions that words leave open) is matched as possible.
func contentsOf(m warning.Message, at time.Time) []claimed {
	var list []claimed
	index := map[warning.Hazard]int{}
	for _, c := range m.Groups() {
		if !c.Expires.IsZero() && !at.Before(c.Expires) {
			continue
		}
		i, seen := index[c.Hazard]
		if !seen {
			i = len(list)
			index[c.Hazard] = i
			list = append(list, claimed{Content: Content{Kind: "relay", Mode: "actual", Hazard: c.Hazard, Level: c.Level,
				Issuer: firstNonEmpty(m.Issuer(), "未署名"), IssuedAt: issuedAt(m, at), Onset: nilTime(c.Onset), Note: m.Headline}})
		}
		list[i].add(c, at)
	}
	for i := range list {
		list[i].Title = titleOf(list[i].Hazard, list[i].Level)
	}
	return list
}

func (d *claimed) add(c warning.Claim, at time.Time) {
	d.Level = warning.Higher(d.Level, c.Level)
	expires := c.Expires
	if expires.IsZero() {
		expires = at.Add(defaultValidity)
	}
	if expires.After(d.Expires) {
		d.Expires = expires
	}
	certain := c.Area.Basis != warning.BasisOffice
	if len(c.Area.Geometry) > 0 || len(c.Area.Regions) > 0 {
		d.append(Area{Level: c.Level, Basis: c.Area.Basis, Certain: certain, Regions: c.Area.Regions,
			Geometry: c.Area.Geometry, Said: c.Area.Text}, c.Area.Excluded)
	}
	if len(c.Area.Possible) > 0 {
		d.append(Area{Level: c.Level, Basis: c.Area.Basis, Certain: false, Regions: c.Area.Possible, Said: c.Area.Text}, nil)
	}
}

func (d *claimed) append(a Area, excluded orb.MultiPolygon) {
	d.Areas = append(d.Areas, a)
	d.excluded = append(d.excluded, excluded)
}
