package door

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"muster/internal/postgres"
	"muster/internal/roster"
	"muster/internal/roster/gate"
)

// cardSystem is the name space of card numbers.
const cardSystem = "card"

// Passes implements gate.Store.
func (d Door) Passes(ctx context.Context, device gate.Device, raw uuid.UUID, at time.Time, seen []gate.Seen) ([]gate.Verdict, error) {
	people, err := d.DB.ResolvePeople(ctx, d.Sealer, refs(device, seen))
	if err != nil {
		return nil, err
	}
	known, err := d.DB.DeviceByID(ctx, device.ID)
	if err != nil {
		return nil, err
	}
	places, err := d.siteMap(ctx, device)
	if err != nil {
		return nil, err
	}
	verdicts := make([]gate.Verdict, len(seen))
	batch := postgres.PassBatch{Device: known, At: at}
	var index []int // of each pass of the batch, in seen
	for i, s := range seen {
		if s.Why == "" && people[i] == uuid.Nil {
			s.Why = gate.UnknownPerson
		}
		if s.Why != "" {
			batch.Quarantine = append(batch.Quarantine, d.aside(device, raw, s))
			verdicts[i] = gate.Verdict{Outcome: gate.Quarantined, Reason: s.Why}
			continue
		}
		site, _ := places.site(s)
		batch.Passes = append(batch.Passes, roster.Pass{DeviceID: device.ID, DeviceTime: s.Time, EventKey: s.Key, PersonID: people[i],
			SiteID: site, Direction: s.Direction, ReceivedAt: at, Content: sha256.Sum256([]byte(s.Content))})
		index = append(index, i)
	}
	out, err := d.DB.FlushPasses(ctx, batch)
	if err != nil {
		return nil, err
	}
	for _, i := range index {
		verdicts[i] = gate.Verdict{Outcome: gate.Accepted}
	}
	for _, n := range out.Repeats {
		verdicts[index[n]] = gate.Verdict{Outcome: gate.Repeated}
	}
	for _, n := range out.Conflicts {
		verdicts[index[n]] = gate.Verdict{Outcome: gate.Quarantined, Reason: gate.Conflict}
	}
	return verdicts, d.note(ctx, device, places.missing(seen, verdicts), at)
}

// refs are the people as the device names them.
func refs(device gate.Device, seen []gate.Seen) []postgres.PersonRef {
	list := make([]postgres.PersonRef, len(seen))
	for i, s := range seen {
		p := s.Person
		switch {
		case p.ID != uuid.Nil:
			list[i].ID = p.ID
		case p.IDNumber != "":
			list[i].IDNumber = p.IDNumber
		case p.Code != "":
			list[i].System, list[i].Code = p.System, p.Code
			if p.System == "" {
				list[i].System = device.System
			}
		case p.Card != "":
			list[i].System, list[i].Code = cardSystem, p.Card
		}
	}
	return list
}

// aside is a record for quarantine: sealed, because it names people, and found
// again by its digest when the device sends it again.
func (d Door) aside(device gate.Device, raw uuid.UUID, s gate.Seen) postgres.Quarantined {
	sum := sha256.Sum256(append([]byte(s.Content+"\x00"+s.Key+"\x00"), s.Time.Format(time.RFC3339Nano)...))
	row := uuid.NewSHA1(device.ID, sum[:]).String()
	body, err := json.Marshal(struct {
		Raw    uuid.UUID `json:"raw"`
		Row    string    `json:"row"`
		Sealed string    `json:"sealed"`
	}{raw, row, d.Sealer.Seal("pass_quarantine", "body", row, string(s.Body))})
	if err != nil {
		body = []byte(`{}`) // cannot be: three strings
	}
	return postgres.Quarantined{Reason: string(s.Why), Body: body, Digest: sum[:]}
}
