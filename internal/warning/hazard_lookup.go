package warning

import (
	_ "embed"
	"strings"
)

// hazard_codes.csv: event codes of the national release system (GB/T 35561-2017
// as used by 12379) with their hazard group.
//
//go:embed hazard_codes.csv
var hazardCodesCSV string

var hazardCodes = readHazardCodes(hazardCodesCSV)

type hazardCode struct {
	name   string
	hazard Hazard
}

func readHazardCodes(csv string) map[string]hazardCode {
	codes := map[string]hazardCode{}
	for _, line := range strings.Split(strings.TrimSpace(csv), "\n")[1:] {
		if f := strings.Split(strings.TrimSpace(line), ","); len(f) == 3 {
			codes[f[0]] = hazardCode{name: f[1], hazard: Hazard(f[2])}
		}
	}
	return codes
}

// hazardWords finds a group by words; the first that occurs decides, so the
// special stands before the general (雷雨大风 before 雷, 山洪 before 洪水).
var hazardWords = []struct {
	hazard Hazard
	words  []string
}{
	{FlashFlood, []string{"山洪", "flash flood"}},
	{Geohazard, []string{"地质灾害", "地質災害", "泥石流", "土石流", "滑坡", "崩塌", "山体垮塌", "landslide", "debris flow", "mudslide", "avalanche"}},
	{Reservoir, []string{"泄洪", "洩洪", "水库", "水庫", "reservoir", "dam "}},
	{Quake, []string{"地震", "earthquake"}},
	{Fire, []string{"火险", "火灾", "森林防火", "wildfire", "red flag", "forest fire", "fire weather"}},
	{Wind, []string{"雷雨大风", "雷暴大风", "强对流", "大风", "台风", "颱風", "季候風", "強風", "龙卷", "沙尘", "wind", "typhoon", "cyclone", "hurricane", "tornado", "gale"}},
	{Rain, []string{"暴雨", "豪雨", "强降雨", "强降水", "内涝", "渍涝", "连阴雨", "大雨", "rain"}},
	{Flood, []string{"洪水", "汛", "flood"}},
	{Lightning, []string{"雷电", "雷暴", "gewitter", "冰雹", "thunderstorm", "lightning", "hail"}},
	{Heat, []string{"高温", "热浪", "干热风", "heat"}},
	{Ice, []string{"结冰", "冰冻", "暴雪", "大雪", "寒潮", "低温", "霜冻", "寒冷", "降温", "道路冰雪", "snow", "ice storm", "winter", "blizzard", "freez", "frost"}},
	{Fog, []string{"大雾", "浓雾", "霾", "fog"}},
}

// HazardName is the Chinese name of a 12379 event code; empty for one that is
// not in the table.
func HazardName(eventCode string) string { return hazardCodes[eventCode].name }

// HazardOf finds the hazard group of a claim from its event code, headline and
// event. Words for flash flood and geohazard go before any code, because
// sources file them under several codes (11A51, 11B37, 11D01, 11D99 and
// others); otherwise the code decides and words are the fallback. What cannot
// be placed is Other, and is still shown.
func HazardOf(eventCode, headline, event string) Hazard {
	named := hazardByWords(event)
	if named == "" {
		named = hazardByWords(afterVerb(headline))
	}
	if named == FlashFlood || named == Geohazard {
		return named
	}
	if c, ok := hazardCodes[eventCode]; ok && c.hazard != Other {
		return c.hazard
	}
	if named != "" {
		return named
	}
	return hazardByClass(eventCode)
}

func hazardByWords(text string) Hazard {
	text = strings.ToLower(text)
	for _, group := range hazardWords {
		for _, word := range group.words {
			if strings.Contains(text, word) {
				return group.hazard
			}
		}
	}
	return ""
}

// afterVerb cuts the issuing office off a headline: 某县地质灾害指挥部发布暴雨蓝色
// 预警 is about rain.
func afterVerb(headline string) string {
	for _, verb := range []string{"发布", "解除", "更新", "变更", "升级", "降级", "發布"} {
		if _, rest, ok := strings.Cut(headline, verb); ok && hazardByWords(rest) != "" {
			return rest
		}
	}
	return headline
}

// hazardByClass places a code that the table lacks by the class in its first
// three characters.
func hazardByClass(eventCode string) Hazard {
	switch {
	case strings.HasPrefix(eventCode, "11C"):
		return Quake
	case strings.HasPrefix(eventCode, "11D"):
		return Geohazard
	case strings.HasPrefix(eventCode, "11G"):
		return Fire
	}
	return Other
}
