package response

import (
	"slices"
	"time"

	"muster/internal/errs"
	"muster/internal/warning"
)

// ReturnRow is who gives 准予返回 (operations.md §1.2). The first row that fits
// counts.
type ReturnRow struct {
	Measures  []warning.Measure `json:"measures"`
	Levels    []warning.Level   `json:"levels"`
	IfMoved   bool              `json:"if_moved,omitempty"` // only where something fell or moved
	Giver     Party             `json:"giver"`              // owner, or county: the county or the supervising authority
	Geologist bool              `json:"geologist,omitempty"`
	Stop      int               `json:"stop,omitempty"` // minutes in which the county may take it back
	Daylight  bool              `json:"daylight,omitempty"`
}

// ReturnAsk is what is known when somebody gives 准予返回.
type ReturnAsk struct {
	Measure     warning.Measure
	Level       warning.Level
	Moved       bool // something fell or moved since the warning was published
	HazardPoint bool // the site lies in the threat area of a hazard point (隐患点)
	By          Party
	Checklist   bool // 排查清单 complete, with photos
	Supervisor  bool // 监理 has signed
	Geologist   bool // a geological officer's opinion is there
	At          time.Time
}

// ReturnFor is the row by which a return is given.
func (r *Rules) ReturnFor(m warning.Measure, l warning.Level, moved bool) ReturnRow {
	for _, row := range r.Return {
		if row.IfMoved && !moved {
			continue
		}
		if slices.Contains(row.Measures, m) && slices.Contains(row.Levels, colour(l)) {
			return row
		}
	}
	return ReturnRow{Giver: AtCounty, Daylight: true}
}

// StopFor is how long the county may take a return back.
func (row ReturnRow) StopFor() time.Duration { return minutes(row.Stop) }

// MayAllowReturn says whether a return may be given, or everything that is
// missing. An authority above the giver may give it in its place; the section
// never.
func (r *Rules) MayAllowReturn(a ReturnAsk) error {
	row := r.ReturnFor(a.Measure, a.Level, a.Moved)
	if rungOf(a.By) < rungOf(row.Giver) || a.By == AtChief {
		return errs.New(errs.Forbidden, "return_giver", "这个点位的返回须由%s准予", giverLabel(row.Giver))
	}
	if missing := r.missingForReturn(row, a); len(missing) > 0 {
		return errs.New(errs.Fix, "return_incomplete", "还不能准予返回").With(missing...)
	}
	return nil
}

func (r *Rules) missingForReturn(row ReturnRow, a ReturnAsk) []errs.Detail {
	var list []errs.Detail
	need := func(there bool, where, text string) {
		if !there {
			list = append(list, errs.Detail{Where: where, Text: text})
		}
	}
	need(a.Checklist, "checklist", "雨后排查清单未完成或没有照片")
	need(a.Supervisor, "supervisor", "监理尚未签认")
	need(!row.Geologist || !a.HazardPoint || a.Geologist, "geologist", "位于隐患点威胁范围，缺地质人员意见")
	need(!row.Daylight || within(a.At, r.Day.Light, r.Day.Dark), "at", "撤离后只能在白天返回")
	return list
}

func giverLabel(p Party) string {
	if p == AtOwner {
		return "项目公司"
	}
	return "县级或监管该项目的主管部门"
}
