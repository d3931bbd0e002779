package feed

import (
	"regexp"
	"strings"

	"muster/internal/geo"
)

// officeName are the endings of the names of offices that issue warnings.
var officeName = regexp.MustCompile(`(?:人民政府)?(?:气象台|气象局|气象服务中心|气象灾害防御指挥部(?:办公室)?|水利厅|水利局|水务局|水文水资源勘测(?:中心|局)|水文(?:中心|局|站)|` +
	`自然资源厅|自然资源(?:和|与)?(?:规划)?局|规划和自然资源局|应急管理厅|应急管理局|应急局|地质灾害(?:应急|防治)?指挥部(?:办公室)?|地质环境监测(?:总站|站)|` +
	`防汛(?:抗旱)?(?:救灾)?指挥部(?:办公室)?|防汛抗旱办公室|防汛办|防办|森林草原防灭火指挥部(?:办公室)?|林业和草原局|林草局|地震局|交通运输[厅局]|人民政府(?:办公室)?)`)

// office is an issuing office as a text names it, or several that sign together.
type office struct {
	from, to int
	parts    [][2]int   // each of them
	region   geo.Region // its territory; "" when the text does not tell
}

// offices finds the offices that a text names. mentions are the regions in it: the
// name of the region right before the ending is the office's own.
func offices(s string, mentions []geo.RegionMention) []office {
	var list []office
	next := 0
	for _, m := range officeName.FindAllStringIndex(s, -1) {
		for next < len(mentions) && mentions[next].To < m[0] {
			next++
		}
		o := officeAt(s, m[0], m[1], mentions[:min(next+1, len(mentions))])
		if last := len(list) - 1; last >= 0 && together(s[list[last].to:max(o.from, list[last].to)]) {
			list[last].to = o.to
			list[last].parts = append(list[last].parts, o.parts...)
			if list[last].region == "" {
				list[last].region = o.region
			}
			continue
		}
		list = append(list, o)
	}
	return list
}

// together says whether what stands between two offices joins them.
func together(between string) bool {
	switch between {
	case "", "、", ",", "和", "与", "及", "会同", "联合":
		return true
	}
	return false
}

// officeAt takes the regions in front of an ending: 四川省雅安市石棉县|气象局.
// Without one, 县气象局 stays without a territory.
func officeAt(s string, from, to int, mentions []geo.RegionMention) office {
	o := office{from: from, to: to}
	for i := len(mentions) - 1; i >= 0 && mentions[i].To == o.from; i-- {
		if o.from == from && len(mentions[i].Regions) == 1 {
			o.region = mentions[i].Regions[0].Code
		}
		o.from = mentions[i].From
	}
	if o.from == from {
		o.from = foreign(s, from)
	}
	o.parts = [][2]int{{o.from, to}}
	return o
}

// elsewhere is the name of a region that is not in our table: 临桂区|气象台; at
// least its kind is a part of the office's name: 县|气象台.
var elsewhere = regexp.MustCompile(`(?:^|[^\p{Han}])(\p{Han}{1,12}[省市州县区旗])$|([省市州县区旗])$`)

func foreign(s string, at int) int {
	from := whole(s, max(0, at-42))
	m := elsewhere.FindStringSubmatchIndex(s[from:at])
	switch {
	case m == nil:
		return at
	case m[2] >= 0:
		return from + m[2]
	}
	return from + m[4]
}

// name is what the offices are called, in one way of writing.
func (o office) name(s string) string {
	var names []string
	for _, p := range o.parts {
		names = append(names, s[p[0]:p[1]])
	}
	return strings.Join(names, "、")
}
