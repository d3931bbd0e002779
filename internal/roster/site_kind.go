package roster

// SiteKind is what a site is (operations.md §6, site kinds).
type SiteKind string

// The kinds of residences (驻地) and work sites (工点).
const (
	ResidenceOwn    SiteKind = "residence_own"
	ResidenceRent   SiteKind = "residence_rent"
	ResidenceShared SiteKind = "residence_shared"
	Tunnel          SiteKind = "tunnel"
	Bridge          SiteKind = "bridge"
	Slope           SiteKind = "slope"
	Pit             SiteKind = "pit"
	Subgrade        SiteKind = "subgrade"
	RiverWork       SiteKind = "river_work"
	Vessel          SiteKind = "vessel"
	Plant           SiteKind = "plant"
	Yard            SiteKind = "yard"
	Spoil           SiteKind = "spoil"
	Magazine        SiteKind = "magazine"
	OtherSite       SiteKind = "other"
)

var siteKinds = words("点位类型",
	word(ResidenceOwn, "自建驻地", "自建", "自建营地", "自建房", "项目部驻地", "驻地"),
	word(ResidenceRent, "租赁驻地", "租赁", "租房", "租用驻地", "租用民房"),
	word(ResidenceShared, "合住驻地", "合住", "共用驻地"),
	word(Tunnel, "隧道工点", "隧道", "隧道掌子面", "掌子面", "隧道洞口"),
	word(Bridge, "桥梁工点", "桥梁", "桥", "特大桥", "大桥", "高处作业"),
	word(Slope, "边坡/路堑", "边坡", "路堑", "高边坡"),
	word(Pit, "基坑", "深基坑"),
	word(Subgrade, "路基路面", "路基", "路面"),
	word(RiverWork, "涉水工点", "涉水", "围堰", "水中墩", "栈桥"),
	word(Vessel, "施工船舶", "船舶", "船"),
	word(Plant, "拌合站", "拌和站", "搅拌站", "混凝土拌合站"),
	word(Yard, "加工场/预制梁场", "加工场", "钢筋加工场", "预制梁场", "梁场", "堆场", "场站"),
	word(Spoil, "弃渣场", "弃土场", "渣场"),
	word(Magazine, "民爆库", "炸药库", "火工品库"),
	word(OtherSite, "其他"),
)

// ParseSiteKind reads a code, a label or what people write for it; errs.Fix otherwise.
func ParseSiteKind(text string) (SiteKind, error) { return siteKinds.parse(text) }

// SiteKinds lists all kinds in the order of the vocabulary.
func SiteKinds() []SiteKind { return siteKinds.codes() }

// Label is the Chinese word of the kind.
func (k SiteKind) Label() string { return siteKinds.label(k) }

// Known says whether the kind is in the vocabulary.
func (k SiteKind) Known() bool { return siteKinds.has(k) }

// IsResidence says whether the site is a 驻地, where people sleep unless it is
// said otherwise.
func (k SiteKind) IsResidence() bool {
	return k == ResidenceOwn || k == ResidenceRent || k == ResidenceShared
}
