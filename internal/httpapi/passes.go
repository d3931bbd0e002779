package httpapi

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/google/uuid"

	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/roster"
)

func (s *Server) passRoutes() {
	byKey(s, operation{id: "pushPasses", method: http.MethodPost, path: "/passes", summary: "设备推送打卡，一批不超过 1000 条"}, "device", s.DB.DeviceByKey, s.pushPasses)
}

type passBody struct {
	EventKey string    `json:"event_key" minLength:"1" maxLength:"100" doc:"同一设备同一时刻内唯一，例如流水号"`
	Time     time.Time `json:"time" doc:"设备时间"`
	PersonID uuid.UUID `json:"person_id,omitempty"`
	IDNumber string    `json:"id_number,omitempty" maxLength:"30"`
	External *struct {
		System string `json:"system" maxLength:"40"`
		Code   string `json:"code" maxLength:"100"`
	} `json:"external,omitempty"`
	Direction string `json:"direction,omitempty" enum:"in,out,unknown" doc:"不填时按设备方向"`
}

type passesRequest struct {
	Body struct {
		Passes []passBody `json:"passes" minItems:"1" maxItems:"1000"`
	}
}

type passesView struct {
	Accepted    int               `json:"accepted"`
	Repeated    int               `json:"repeated"`
	Quarantined []quarantinedView `json:"quarantined"`
	Warnings    []gateView        `json:"warnings" doc:"该点位生效中的预警，供闸机显示"`
	RefuseEntry bool              `json:"refuse_entry" doc:"禁入且该点位选择了关闸时为真；只禁进，不禁出"`
}

// gateView is what a gate shows to whoever passes.
type gateView struct {
	Title    string `json:"title"`
	Level    string `json:"level"`
	Measure  string `json:"measure"`
	Sentence string `json:"sentence"`
	Exercise bool   `json:"exercise"`
}

type quarantinedView struct {
	Index  int    `json:"index"`
	Reason string `json:"reason"`
	Text   string `json:"text"`
}

var quarantineTexts = map[string]string{
	"unknown_person": "没有登记这个人，已留存待查",
	"conflict":       "同一编号已有内容不同的打卡，已留存待查",
}

// pushPasses answers after the batch is on disk. What cannot be taken is kept in
// quarantine and acknowledged, so that a device does not send it for ever.
func (s *Server) pushPasses(ctx context.Context, device postgres.Device, in *passesRequest) (*answer[passesView], error) {
	at := s.Clock.Now()
	people, err := s.peopleOf(ctx, in.Body.Passes)
	if err != nil {
		return nil, err
	}
	batch := postgres.PassBatch{Device: device, At: at}
	out := passesView{Quarantined: []quarantinedView{}}
	var index []int // of each pass of the batch, in the request
	for i, b := range in.Body.Passes {
		p := roster.Pass{DeviceID: device.ID, DeviceTime: b.Time.UTC().Truncate(time.Microsecond), EventKey: b.EventKey, PersonID: people[i],
			SiteID: device.SiteID, Direction: directionOf(b.Direction, device.Direction), ReceivedAt: at}
		if reason, text := unfit(p); reason != "" {
			q, err := s.quarantined(reason, b)
			if err != nil {
				return nil, err
			}
			batch.Quarantine = append(batch.Quarantine, q)
			out.Quarantined = append(out.Quarantined, quarantinedView{i, reason, text})
			continue
		}
		batch.Passes = append(batch.Passes, p)
		index = append(index, i)
	}
	done, err := s.DB.FlushPasses(ctx, batch)
	if err != nil {
		return nil, err
	}
	for _, i := range done.Conflicts {
		out.Quarantined = append(out.Quarantined, quarantinedView{index[i], "conflict", quarantineTexts["conflict"]})
	}
	out.Accepted, out.Repeated = done.Accepted, len(done.Repeats)
	s.showAtGate(ctx, device.SiteID, &out)
	return reply(out, nil)
}

// showAtGate adds what is asked for at the gate's site. The batch is on disk by
// now: a gate that cannot be told of a warning has still told us who passed, and
// must not send it again.
func (s *Server) showAtGate(ctx context.Context, site uuid.UUID, out *passesView) {
	out.Warnings = []gateView{}
	list, err := s.DB.AtGate(ctx, site)
	if err != nil {
		s.Log.ErrorContext(ctx, "a gate is not told what is asked for", "site", site, "err", err)
	}
	for _, g := range list {
		out.Warnings = append(out.Warnings, gateView{g.Title, string(g.Level), string(g.Measure), g.Sentence, g.Exercise})
		out.RefuseEntry = out.RefuseEntry || g.Refuses()
	}
}

func unfit(p roster.Pass) (reason, text string) {
	if r := roster.Judge(p.DeviceTime, p.ReceivedAt); r != "" {
		return string(r), r.Label()
	}
	if p.PersonID == uuid.Nil {
		return "unknown_person", quarantineTexts["unknown_person"]
	}
	return "", ""
}

// directionOf: what the record says, else what the device stands for.
func directionOf(said, device string) roster.Direction {
	switch {
	case said != "":
		return roster.Direction(said)
	case device == "in" || device == "out":
		return roster.Direction(device)
	}
	return roster.Unknown
}

func (s *Server) peopleOf(ctx context.Context, passes []passBody) ([]uuid.UUID, error) {
	refs := make([]postgres.PersonRef, len(passes))
	for i, b := range passes {
		refs[i].ID = b.PersonID
		if b.IDNumber != "" {
			if id, err := roster.ParseCitizenID(b.IDNumber); err == nil {
				refs[i].IDNumber = id
			}
		}
		if b.External != nil {
			refs[i].System, refs[i].Code = b.External.System, b.External.Code
		}
	}
	return s.DB.ResolvePeople(ctx, s.Sealer, refs)
}

// quarantined keeps a record without the ID number in it: its keyed hash is
// enough to find the person later.
func (s *Server) quarantined(reason string, b passBody) (postgres.Quarantined, error) {
	if b.IDNumber != "" {
		b.IDNumber = s.Sealer.Hash("id_number", b.IDNumber)
	}
	body, err := json.Marshal(b)
	if err != nil {
		return postgres.Quarantined{}, errs.New(errs.Internal, "quarantine", "record does not encode").Because(err)
	}
	return postgres.Quarantined{Reason: reason, Body: body}, nil
}
