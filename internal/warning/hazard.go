package warning

// Hazard is a hazard group (灾种): the unit in which the rule book thinks.
// Sources disagree about codes inside a group, never about the group.
type Hazard string

// The hazard groups (operations.md §6).
const (
	Rain       Hazard = "rain"        // 暴雨
	FlashFlood Hazard = "flash_flood" // 山洪
	Geohazard  Hazard = "geohazard"   // 地质灾害
	Flood      Hazard = "flood"       // 江河洪水
	Reservoir  Hazard = "reservoir"   // 水库泄洪
	Wind       Hazard = "wind"        // 大风
	Lightning  Hazard = "lightning"   // 雷电
	Heat       Hazard = "heat"        // 高温
	Ice        Hazard = "ice"         // 低温雨雪冰冻/道路结冰
	Fog        Hazard = "fog"         // 大雾
	Fire       Hazard = "fire"        // 森林草原火险
	Quake      Hazard = "quake"       // 地震
	Other      Hazard = "other"       // 其他
)

var hazardLabels = map[Hazard]string{
	Rain:       "暴雨",
	FlashFlood: "山洪",
	Geohazard:  "地质灾害",
	Flood:      "江河洪水",
	Reservoir:  "水库泄洪",
	Wind:       "大风",
	Lightning:  "雷电",
	Heat:       "高温",
	Ice:        "低温雨雪冰冻/道路结冰",
	Fog:        "大雾",
	Fire:       "森林草原火险",
	Quake:      "地震",
	Other:      "其他",
}

// Label is the Chinese word of the hazard group.
func (h Hazard) Label() string { return hazardLabels[h] }

// Valid says whether h is one of the groups.
func (h Hazard) Valid() bool { _, ok := hazardLabels[h]; return ok }

// Hazards lists the groups in the order of the rule book.
func Hazards() []Hazard {
	return []Hazard{Rain, FlashFlood, Geohazard, Flood, Reservoir, Wind, Lightning,
		Heat, Ice, Fog, Fire, Quake, Other}
}
