package demo

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"muster/internal/roster"
)

const (
	shiftLength = 12 * time.Hour
	dutyLength  = 24 * time.Hour
)

// clockTime is an hour of the civil day some days from today.
func clockTime(at time.Time, days, hour int) time.Time {
	return midnight(at).AddDate(0, 0, days).Add(time.Duration(hour) * time.Hour)
}

// duties writes the duty roster of yesterday, today and tomorrow, from 08:00 to
// 08:00: in every authority, project and section a 值班员 and a 带班领导.
func (g *generator) duties() {
	var officers, leaders []roster.Post
	for _, p := range g.Posts {
		switch p.Role {
		case roster.DutyOfficer, roster.SectionDeputy:
			officers = append(officers, p)
		case roster.DutyLeader, roster.OwnerHead, roster.SectionLead:
			leaders = append(leaders, p)
		}
	}
	for _, day := range []int{-1, 0, 1} {
		g.onDuty(officers, roster.DutyOfficer, day)
		g.onDuty(leaders, roster.DutyLeader, day)
	}
}

// onDuty takes the holders in turns: seat A on even days, seat B on odd ones;
// who is alone has no day off.
func (g *generator) onDuty(holders []roster.Post, role roster.Role, day int) {
	from := clockTime(g.At, day, 8)
	even := from.Unix()/int64(dutyLength.Seconds())%2 == 0
	for _, p := range holders {
		alone := p.UnitKind == roster.SectionUnit
		if !alone && (p.Seat == roster.SeatA) != even {
			continue
		}
		g.Duties = append(g.Duties, roster.DutyLine{ID: g.id(), UnitKind: p.UnitKind, UnitID: p.UnitID, Role: role,
			PersonID: p.PersonID, From: from, Until: from.Add(dutyLength)})
	}
}

// devices puts a gate for presence at every residence, tunnel and mixing plant.
func (g *generator) devices() {
	g.gates = make([]uuid.UUID, len(g.Sites))
	for i, s := range g.Sites {
		if !s.Kind.IsResidence() && s.Kind != roster.Tunnel && s.Kind != roster.Plant {
			continue
		}
		d := roster.Device{ID: g.id(), Serial: fmt.Sprintf("DEMO-%05d", len(g.Devices)+1), SiteID: s.ID,
			Purpose: "presence", Direction: "both"}
		g.gates[i] = d.ID
		g.Devices = append(g.Devices, d)
	}
}
