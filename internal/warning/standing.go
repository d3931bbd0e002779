package warning

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Mandate is a standing authorisation (常设授权): what may be forwarded without a
// person at the desk, and the limits within which its signer answers for it
// (operations.md §1.1 no. 9, §5).
type Mandate struct {
	ID       uuid.UUID
	Hazards  []Hazard
	Levels   []Level
	Sources  []string // names of feeds
	MaxKM2   float64
	MaxSites int
	Delay    time.Duration // from the draft to its going out: time for a person to step in
	From     time.Time
	Until    time.Time
	Revoked  bool
}

// Forwarding is what a decision to forward a draft by itself rests on.
type Forwarding struct {
	Kind   string // of the draft: only a relay is forwarded
	Mode   string
	Intent string // publish, revise, lift
	Hazard Hazard
	Level  Level
	Source string   // the feed that sent the message
	Flags  []Flag   // of the message
	Unread []string // places that the message names and that are not known
	Vague  bool     // some area is only possible
	KM2    float64
	NoArea bool // the size of some named region is not known
	Edited bool // a person has changed it

	// of a revision: what it would change
	ByHand   bool // what is in force was published by a person
	Sinks    bool // a level sinks
	Released int  // sites that would be let go

	Matched bool // the sites below were matched
	Targets []ForwardTarget
}

// ForwardTarget is one site that the draft would tell.
type ForwardTarget struct {
	Measure Measure
	Sleeps  bool
	AtRisk  bool
	Certain bool
}

// Forward decides whether a draft goes out by itself, and under which of the
// mandates: the one that gives people the most time. Without one it says why
// not: of the mandate that came nearest.
func Forward(mandates []Mandate, f Forwarding, at time.Time) (*Mandate, []Hold) {
	if why := f.never(); len(why) > 0 {
		return nil, why
	}
	var best *Mandate
	nearest := []Hold{{"no_authorisation", "没有生效中的常设授权"}}
	found := false
	for i := range mandates {
		m := &mandates[i]
		if m.Revoked || at.Before(m.From) || !at.Before(m.Until) {
			continue
		}
		why := m.refuses(f)
		switch {
		case len(why) > 0 && (!found || len(why) < len(nearest)):
			nearest, found = why, true
		case len(why) == 0 && (best == nil || m.Delay > best.Delay):
			best = m
		}
	}
	if best == nil {
		return nil, nearest
	}
	return best, nil
}

// doubts are flags that a person must judge.
var doubts = []Flag{FlagLevelConflict, FlagLevelUnknown, FlagHazardUnknown, FlagInner, FlagSenderMismatch, FlagSentFuture, FlagExpiresBeforeSent,
	FlagTimeUnreadable, FlagForeignReference, FlagReferenceCycle, FlagSameIDOther, FlagAreaInvalid, FlagAreaTooLarge, FlagSelfIntersecting,
	FlagSwappedAxes, FlagAxisAssumed, FlagLineNotArea, FlagPointNotArea, FlagRegionUnknown, FlagGeocodeUnknown, FlagOutsideChina, FlagNoFineArea,
	FlagDigestMismatch}

// never gives what no mandate can allow.
func (f Forwarding) never() []Hold {
	var why []Hold
	add := func(code, format string, args ...any) { why = append(why, Hold{code, fmt.Sprintf(format, args...)}) }
	switch {
	case f.Kind != "relay" || f.Mode != "actual":
		add("not_relay", "只有转发的实战预警可以自动转发")
	case f.Intent == "lift":
		add("lift", "解除由人决定，不自动转发")
	case f.Intent == "revise" && f.ByHand:
		add("by_hand", "生效中的预警由人发布，更新也由人决定")
	}
	if f.Sinks {
		add("level_sinks", "更新会降低等级，由人决定")
	}
	if f.Released > 0 {
		add("released", "更新会使%d个点位不再受影响，由人决定", f.Released)
	}
	var found []string
	for _, flag := range f.Flags {
		if slices.Contains(doubts, flag) {
			found = append(found, flag.Label())
		}
	}
	if len(found) > 0 {
		add("flagged", "信息有疑点（%s），须人工确认", strings.Join(found, "、"))
	}
	if len(f.Unread) > 0 {
		add("names_unread", "未能识别的地名：%s，须人工确认", strings.Join(f.Unread, "、"))
	}
	if f.Vague {
		add("not_certain", "区域只是可能匹配，须人工确认")
	}
	if f.Matched {
		why = append(why, f.unfit()...)
	}
	return why
}

// unfit gives the measures that are not forwarded without a person.
func (f Forwarding) unfit() []Hold {
	if len(f.Targets) == 0 {
		return []Hold{{"no_sites", "区域内没有点位，不自动转发"}}
	}
	vague, by := 0, map[Measure]int{}
	for _, t := range f.Targets {
		if !f.offered(t) {
			by[t.Measure]++
		}
		if !t.Certain {
			vague++
		}
	}
	var why []Hold
	for _, m := range []Measure{Evacuate, Shelter, KeepOut, Stop} {
		if by[m] > 0 {
			why = append(why, Hold{"measure", fmt.Sprintf("%d个点位的措施为%s，须由人发布", by[m], m.Label())})
		}
	}
	if vague > 0 {
		why = append(why, Hold{"not_certain", fmt.Sprintf("%d个点位只是可能匹配，须人工确认", vague)})
	}
	return why
}

// offered says what is forwarded without a person: 阅知 and 加密巡查, and 撤离 of
// residences at risk under a red flood, debris flow or rain warning.
func (f Forwarding) offered(t ForwardTarget) bool {
	switch t.Measure {
	case Read, Patrol:
		return true
	case Evacuate:
		return f.Level == Red && t.Sleeps && t.AtRisk && slices.Contains([]Hazard{FlashFlood, Geohazard, Rain}, f.Hazard)
	}
	return false
}

// refuses gives the limits of the mandate that the draft does not keep.
func (m *Mandate) refuses(f Forwarding) []Hold {
	var why []Hold
	add := func(code, format string, args ...any) { why = append(why, Hold{code, fmt.Sprintf(format, args...)}) }
	if !slices.Contains(m.Sources, f.Source) {
		add("source", "授权不含数据源%s", f.Source)
	}
	if !slices.Contains(m.Hazards, f.Hazard) {
		add("hazard", "授权不含%s", f.Hazard.Label())
	}
	if !slices.Contains(m.Levels, f.Level) {
		add("level", "授权不含%s", f.Level.Label())
	}
	switch {
	case f.NoArea:
		add("area_unknown", "有行政区划没有边界，面积无法核对")
	case f.KM2 > m.MaxKM2:
		add("area_too_large", "区域%.0f平方公里，超过授权的%.0f平方公里", f.KM2, m.MaxKM2)
	}
	if f.Matched && len(f.Targets) > m.MaxSites {
		add("sites_too_many", "涉及%d个点位，超过授权的%d个", len(f.Targets), m.MaxSites)
	}
	return why
}
