package door

import (
	"context"
	"time"

	"github.com/google/uuid"

	"muster/internal/roster/gate"
)

// named is what a labour system calls a place.
type named struct{ project, channel string }

// siteMap says where a device's records belong.
type siteMap struct {
	own   uuid.UUID
	sites map[named]uuid.UUID
}

// siteMap reads the map of a device that names places; for others every record is
// of the device's own site.
func (d Door) siteMap(ctx context.Context, device gate.Device) (siteMap, error) {
	m := siteMap{own: device.SiteID, sites: map[named]uuid.UUID{}}
	if device.Protocol != gate.RealName {
		return m, nil
	}
	list, err := d.DB.GateSites(ctx, device.ID)
	for _, s := range list {
		m.sites[named{s.Project, s.Channel}] = s.SiteID
	}
	return m, err
}

// site is where a record belongs: by project and channel, by the project, by the
// channel; else the device's own site. known is false when it named a place that
// nobody has mapped.
func (m siteMap) site(s gate.Seen) (site uuid.UUID, known bool) {
	for _, n := range []named{{s.Project, s.Reader}, {s.Project, ""}, {"", s.Reader}} {
		if id, ok := m.sites[n]; ok {
			return id, true
		}
	}
	return m.own, s.Project == ""
}

// unmapped counts passes by the place that nobody has mapped.
type unmapped map[named]int

// missing is what nobody has mapped of the passes that are new.
func (m siteMap) missing(seen []gate.Seen, verdicts []gate.Verdict) unmapped {
	u := unmapped{}
	for i, s := range seen {
		if _, known := m.site(s); !known && verdicts[i].Outcome == gate.Accepted {
			u[named{s.Project, s.Reader}]++
		}
	}
	return u
}

func (d Door) note(ctx context.Context, device gate.Device, u unmapped, at time.Time) error {
	for n, passes := range u {
		if err := d.DB.NoteUnmapped(ctx, device.ID, n.project, n.channel, passes, at); err != nil {
			return err
		}
	}
	return nil
}
