package roster

// Heading is a column of a kind of file, as people are told of it.
type Heading struct {
	Name     string
	Required bool
	Aliases  []string
	Example  string // invented
	Hint     string
}

// Headings are the columns of a kind, in order; none for a kind that is unknown.
func Headings(k Kind) []Heading {
	columns := layouts[k].columns
	list := make([]Heading, 0, len(columns))
	for _, c := range columns {
		h := Heading{Name: string(c.field), Required: c.required, Aliases: c.aliases, Example: examples[c.field], Hint: hints[c.field]}
		if c.field == fRole && k == DutyRoster {
			h.Example, h.Hint = "值班员", "值班员 或 带班领导"
		}
		if k == Sections && c.field == fUnitKind {
			h.Hint = "施工、监理、检测"
		}
		list = append(list, h)
	}
	return list
}

// examples are invented; a file of examples alone changes nobody real.
var examples = map[field]string{
	fExternal: "示例-001", fName: "示例一号", fPerson: "示例某甲", fID: "11010519491231002X", fPhone: "19900000001", fLanguage: "汉语",
	fUnit: "示例建设有限公司", fUnitKind: "施工", fParent: "示例集团", fProject: "示例高速", fCode: "SL-01", fSector: "公路", fOwner: "示例项目公司",
	fRegion: "雅安市石棉县", fStatus: "在建", fStart: "2026-01-01", fEnd: "2028-12-31", fSection: "A1", fSupervised: "JL1", fSite: "示例一号",
	fSiteKind: "自建驻地", fLon: "102.36", fLat: "29.23", fDatum: "WGS84", fSleeps: "是", fBeds: "48", fAtRisk: "是", fRisk: "临沟", fSignal: "弱",
	fMuster: "示例高处", fRole: "驻地负责人", fSeat: "A", fFrom: "2026-07-01", fUntil: "2026-12-31", fDay: "2026-07-10", fBegins: "08:00", fEnds: "20:00",
	fTeam: "钢筋一班", fWork: "钢筋工", fLeader: "否", fWords: "探亲", fCert: "交安B证", fNumber: "示例00001", fIssuer: "示例发证机关",
	fIssued: "2024-05-20", fExpires: "2027-05-19",
	fBy: "JL1监理处", fLeaderName: "示例某甲", fLeaderPhone: "19900000001", fAdminName: "示例某乙", fAdminID: "11010519491231002X", fAdminPhone: "19900000002",
	fHolder: "示例某甲", fHolderCerts: "交安B证：示例00001 身份证：11010519491231002X",
}

var hints = map[field]string{
	fID: "18 位；该列请保持文本格式", fPhone: "11 位；手机号码和身份证号至少填一项，用来认出同一个人", fUSCC: "18 位", fUnitKind: "业主、施工、监理、检测、母体企业",
	fRegion: "全称或 6 位代码", fStatus: "筹建、在建、停工、冬休、交工、完工", fDatum: "WGS84、国家2000、GCJ02、BD09；也可在导入时为整个文件选定",
	fLon: "十进制度，或度分秒", fLat: "十进制度，或度分秒", fSleeps: "是、否", fAtRisk: "是、否", fRisk: "有险必须写原因", fSignal: "良好、弱、无",
	fLanguage: "汉语、彝语、藏语", fSeat: "A 或 B", fEnds: "不晚于开始时间的算次日", fUntil: "空着：未定", fExpires: "当天仍有效；长期有效可写“长期”",
	fBy: "管这个合同段的监理处，须在本表或系统里", fAdminName: "只登记，不自动给权限", fHolderCerts: "每项一行：名称：号码；身份证必须有",
	fNext: "填了就接替合同人员，原来的岗位到导入时为止", fNextCerts: "同左；与合同人员的证件列同名，靠位置区分",
	fSite: "点位名称或编号", fSection: "编号或名称", fProject: "合同段编号不重复时可不填", fCert: "如 建造师、交安B证、职称证、监理工程师证",
}
