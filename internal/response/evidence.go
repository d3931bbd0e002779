package response

import (
	"slices"

	"muster/internal/warning"
)

// Evidence is a kind of proof (operations.md §3).
type Evidence string

// The kinds, E1 to E10.
const (
	RollCall     Evidence = "roll_call"     // E1 逐人清点 n/n by name
	MusterScan   Evidence = "muster_scan"   // E2 集合点扫码
	GateBurst    Evidence = "gate_burst"    // E3 闸机集中离场: certain headcount → 0
	Photo        Evidence = "photo"         // E4 现场照片: after publishing, within 200 m of the muster point, not seen before
	CallBack     Evidence = "call_back"     // E5 视频或回拨 with the count said
	OnSpot       Evidence = "on_spot"       // E6 监理到场
	PatrolRecord Evidence = "patrol_record" // E7 巡查记录: time, track, two names
	StopRecord   Evidence = "stop_record"   // E8 停工记录: face count 0, guard named, barrier photographed
	HornLog      Evidence = "horn_log"      // E9 广播或设备日志
	Words        Evidence = "words"         // E10 说明: why a difference is fine
)

var evidenceLabels = map[Evidence]string{
	RollCall: "逐人清点", MusterScan: "集合点扫码", GateBurst: "闸机集中离场", Photo: "现场照片", CallBack: "视频或电话回拨",
	OnSpot: "监理到场", PatrolRecord: "巡查记录", StopRecord: "停工记录", HornLog: "广播或设备日志", Words: "文字说明",
}

// Evidences lists the kinds in reading order.
func Evidences() []Evidence {
	return []Evidence{RollCall, MusterScan, GateBurst, Photo, CallBack, OnSpot, PatrolRecord, StopRecord, HornLog, Words}
}

// Label is the Chinese word of the kind.
func (e Evidence) Label() string { return evidenceLabels[e] }

// VerifyRule says which targets an authority looks at itself.
type VerifyRule string

// The rules. Every doubt is looked at whatever the rule.
const (
	VerifyNone  VerifyRule = "none"
	VerifyEvery VerifyRule = "every"
	VerifyDraw  VerifyRule = "draw" // by lot, at the row's rate
)

// EvidenceRow is what is asked for at each stage. Proof is a list of groups: one
// kind of every group is needed.
type EvidenceRow struct {
	Measures []warning.Measure `json:"measures"`
	Levels   []warning.Level   `json:"levels"`
	AtRisk   bool              `json:"at_risk,omitempty"` // only where the site carries the risk flag
	Report   [][]Evidence      `json:"report,omitempty"`
	Confirm  [][]Evidence      `json:"confirm,omitempty"`
	CutOff   [][]Evidence      `json:"cut_off,omitempty"` // in place of Confirm where the road is cut; none: no difference
	Verify   VerifyRule        `json:"verify"`
	Proof    [][]Evidence      `json:"proof,omitempty"` // to verify
	Rate     int               `json:"rate,omitempty"`  // per cent drawn of what is not doubted
}

// EvidenceFor is the first row that fits: rows for flagged sites stand before
// the others.
func (r *Rules) EvidenceFor(m warning.Measure, l warning.Level, atRisk bool) EvidenceRow {
	for _, row := range r.Evidence {
		if row.AtRisk && !atRisk {
			continue
		}
		if slices.Contains(row.Measures, m) && slices.Contains(row.Levels, colour(l)) {
			return row
		}
	}
	return EvidenceRow{Verify: VerifyNone}
}

// lacking gives the groups of which nothing is there.
func lacking(groups [][]Evidence, have []Evidence) [][]Evidence {
	return slices.DeleteFunc(slices.Clone(groups), func(group []Evidence) bool {
		return slices.ContainsFunc(group, func(e Evidence) bool { return slices.Contains(have, e) })
	})
}
