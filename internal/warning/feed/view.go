package feed

import (
	"encoding/json"
	"strings"
	"time"

	"muster/internal/geo"
	"muster/internal/warning"
)

// View is a Result as `muster ingest --dry-run --json` prints it, one object
// per line and file.
type View struct {
	File     string        `json:"file"`
	Format   string        `json:"format"`
	Outcome  Outcome       `json:"outcome"`
	Reasons  []ReasonView  `json:"reasons"`
	Messages []MessageView `json:"messages"`
}

// ReasonView is a Reason in JSON.
type ReasonView struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// MessageView is a message in JSON. Times are RFC 3339; null where there is
// none.
type MessageView struct {
	ID           string          `json:"id"`
	NationalID   string          `json:"national_id"`
	Sender       string          `json:"sender"`
	Sent         *time.Time      `json:"sent"`
	Status       warning.Status  `json:"status"`
	MsgType      warning.MsgType `json:"msg_type"`
	AllClear     bool            `json:"all_clear"`
	References   []ReferenceView `json:"references"`
	Headline     string          `json:"headline"`
	Flags        []warning.Flag  `json:"flags"`
	Dispatchable bool            `json:"dispatchable"`
	Claims       []ClaimView     `json:"claims"`
}

// ReferenceView is a reference in JSON.
type ReferenceView struct {
	Sender string     `json:"sender,omitempty"`
	ID     string     `json:"id"`
	Sent   *time.Time `json:"sent,omitempty"`
}

// ClaimView is a claim in JSON.
type ClaimView struct {
	Language       string         `json:"language"`
	Group          int            `json:"group"`
	Hazard         warning.Hazard `json:"hazard"`
	Event          string         `json:"event"`
	EventCode      string         `json:"event_code"`
	Level          warning.Level  `json:"level"`
	LevelSource    string         `json:"level_source"`
	Onset          *time.Time     `json:"onset"`
	Expires        *time.Time     `json:"expires"`
	ExpiresDefault bool           `json:"expires_default"`
	Area           AreaView       `json:"area"`
}

// AreaView is an area in JSON. Regions and Possible are codes of six digits for
// a county or coarser, of twelve below.
type AreaView struct {
	Basis    warning.Basis   `json:"basis"`
	Text     string          `json:"text"`
	Regions  []string        `json:"regions"`
	Possible []string        `json:"possible"`
	Geometry json.RawMessage `json:"geometry"` // GeoJSON MultiPolygon or null
	Excluded json.RawMessage `json:"excluded,omitempty"`
}

// View gives the result as JSON for the file of a name; at decides what is
// still dispatchable.
func (r Result) View(file string, at time.Time) View {
	v := View{File: file, Format: r.Format, Outcome: r.Outcome,
		Reasons: []ReasonView{}, Messages: []MessageView{}}
	for _, reason := range r.Reasons {
		v.Reasons = append(v.Reasons, ReasonView(reason))
	}
	for _, m := range r.Messages {
		v.Messages = append(v.Messages, viewMessage(m, at))
	}
	return v
}

func viewMessage(m warning.Message, at time.Time) MessageView {
	v := MessageView{
		ID: m.ID, NationalID: m.NationalID, Sender: m.Sender, Sent: moment(m.Sent),
		Status: m.Status, MsgType: m.MsgType, AllClear: m.AllClear, Headline: m.Headline,
		References: []ReferenceView{}, Flags: []warning.Flag{}, Claims: []ClaimView{},
		Dispatchable: m.Dispatchable(at),
	}
	v.Flags = append(v.Flags, m.Flags...)
	for _, r := range m.References {
		v.References = append(v.References, ReferenceView{r.Sender, r.ID, moment(r.Sent)})
	}
	for _, c := range m.Claims {
		v.Claims = append(v.Claims, viewClaim(c))
	}
	return v
}

func viewClaim(c warning.Claim) ClaimView {
	return ClaimView{
		Language: c.Language, Group: c.Group, Hazard: c.Hazard, Event: c.Event, EventCode: c.EventCode,
		Level: c.Level, LevelSource: c.LevelSource,
		Onset: moment(c.Onset), Expires: moment(c.Expires), ExpiresDefault: c.ExpiresDefault,
		Area: viewArea(c.Area),
	}
}

func viewArea(a warning.ClaimArea) AreaView {
	v := AreaView{Basis: a.Basis, Text: a.Text, Regions: adcodes(a.Regions), Possible: adcodes(a.Possible),
		Geometry: json.RawMessage("null")}
	if len(a.Geometry) > 0 {
		v.Geometry = geo.MarshalArea(a.Geometry)
	}
	if len(a.Excluded) > 0 {
		v.Excluded = geo.MarshalArea(a.Excluded)
	}
	return v
}

func adcodes(codes []string) []string {
	out := []string{}
	for _, c := range codes {
		out = append(out, strings.TrimSuffix(c, "000000"))
	}
	return out
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
