package warning

import "testing"

func TestHazardOf(t *testing.T) {
	for _, c := range []struct {
		name, code, headline, event string
		want                        Hazard
	}{
		{"the code decides", "11B03", "雅安市气象局发布暴雨橙色预警[II级/严重]", "", Rain},
		{"geohazard under the weather class", "11B37", "四川省自然资源厅发布地质灾害气象风险黄色预警", "", Geohazard},
		{"geohazard under the geology class", "11D01", "", "", Geohazard},
		{"geohazard under other geology", "11D99", "某县发布地质灾害气象风险预警", "", Geohazard},
		{"geohazard under a rain code, told by the headline", "11B03", "某县发布地质灾害气象风险红色预警", "", Geohazard},
		{"flash flood under its code", "11A51", "", "", FlashFlood},
		{"flash flood under a flood code", "11A01", "某县发布山洪灾害气象风险橙色预警", "", FlashFlood},
		{"the office's name is not the hazard", "11B03", "某县地质灾害指挥部发布暴雨蓝色预警", "", Rain},
		{"the office's name without a code", "", "某县地质灾害指挥部发布暴雨蓝色预警", "", Rain},
		{"a CAP event without a code", "", "", "暴雨", Rain},
		{"a river flood is not a flash flood", "", "某水文局发布洪水黄色预警", "", Flood},
		{"thunder with wind is wind", "11B20", "", "", Wind},
		{"reservoir in traditional characters", "", "", "水庫洩洪", Reservoir},
		{"a flash flood in English", "", "", "Flash Flood Watch", FlashFlood},
		{"an unknown code of the geology class", "11D55", "", "", Geohazard},
		{"an unknown code with words", "11B88", "某县发布道路结冰黄色预警", "", Ice},
		{"nothing known", "", "AMBER ALERT", "Child Abduction", Other},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := HazardOf(c.code, c.headline, c.event); got != c.want {
				t.Errorf("HazardOf(%q, %q, %q) = %s, want %s", c.code, c.headline, c.event, got, c.want)
			}
		})
	}
}

func TestEveryCodeNamesAHazard(t *testing.T) {
	if len(hazardCodes) < 50 {
		t.Fatalf("only %d codes in the table", len(hazardCodes))
	}
	for code, c := range hazardCodes {
		if !c.hazard.Valid() || c.name == "" {
			t.Errorf("%s: hazard %q, name %q", code, c.hazard, c.name)
		}
	}
}
