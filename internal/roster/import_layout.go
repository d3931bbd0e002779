package roster

import "maps"

// field is one thing a row can say.
type field string

const (
	fExternal   field = "外部编码"
	fName       field = "名称"
	fPerson     field = "姓名"
	fID         field = "身份证号"
	fPhone      field = "手机号码"
	fLanguage   field = "语言"
	fUnit       field = "单位名称"
	fUSCC       field = "统一社会信用代码"
	fUnitKind   field = "单位类型"
	fParent     field = "上级或母体单位"
	fProject    field = "项目"
	fCode       field = "编号"
	fSector     field = "行业"
	fOwner      field = "建设单位"
	fRegion     field = "行政区划"
	fStatus     field = "项目状态"
	fStart      field = "开工日期"
	fEnd        field = "完工日期"
	fSection    field = "合同段"
	fSupervised field = "监理处"
	fSite       field = "点位"
	fSiteKind   field = "类型"
	fLon        field = "经度"
	fLat        field = "纬度"
	fDatum      field = "坐标系"
	fSleeps     field = "是否住人"
	fBeds       field = "床位数"
	fAtRisk     field = "是否有险"
	fRisk       field = "风险原因"
	fSignal     field = "通信信号"
	fMuster     field = "集合点"
	fRole       field = "岗位"
	fSeat       field = "A/B角"
	fFrom       field = "开始日期"
	fUntil      field = "结束日期"
	fDay        field = "值班日期"
	fBegins     field = "开始时间"
	fEnds       field = "结束时间"
	fTeam       field = "班组"
	fWork       field = "工种"
	fLeader     field = "是否班组长"
	fWords      field = "事由"
	fCert       field = "证书名称"
	fNumber     field = "证书编号"
	fIssuer     field = "发证机关"
	fIssued     field = "发证日期"
	fExpires    field = "有效期至"
)

// column is a field that a kind of file has, and the headings it goes by
// (operations.md §9.3). The field itself is always one of them.
type column struct {
	field    field
	required bool
	aliases  []string
}

func need(f field, aliases ...string) column { return column{f, true, aliases} }
func may(f field, aliases ...string) column  { return column{f, false, aliases} }

// layout is the columns of a kind of file and how one row of it is read. A
// heading belongs to the first column that knows it.
type layout struct {
	label   string
	columns []column
	read    func(*reader, *row)
	around  func(in *reader, cells []string) bool // reads what stands around the rows; nil: nothing there matters
}

var (
	external = may(fExternal, "外部编号", "外部系统编码", "external_id")
	project  = may(fProject, "项目名称", "工程名称", "项目编号", "项目编码", "所属项目", "project")
	section  = may(fSection, "标段", "标段名称", "合同段编号", "合同段名称", "标段编号", "所属合同段", "section")
	phone    = may(fPhone, "手机", "手机号", "联系电话", "电话", "移动电话", "联系方式", "phone", "cellPhone")
	idNumber = may(fID, "身份证号码", "证件号码", "证件号", "公民身份号码", "身份证", "sfzh", "idCardNumber")
	person   = need(fPerson, "人员姓名", "合同人员", "工人姓名", "xm", "name", "workerName")
	region   = may(fRegion, "行政区划代码", "所在市(州)县", "市州", "市(州)", "区县", "县(市、区)", "所在区县", "region")
	unitName = may(fUnit, "单位", "单位全称", "企业名称", "参建单位", "主管部门")
	siteName = may(fSite, "点位名称", "驻地", "驻地名称", "工点", "工点名称", "点位编号", "site")
	start    = may(fStart, "计划开工日期", "开工")
	end      = may(fEnd, "计划完工日期", "完工", "交工日期", "计划交工日期")
	from     = may(fFrom, "起始日期", "任职日期", "入住日期", "自", "from")
	until    = may(fUntil, "截止日期", "离任日期", "退宿日期", "离开日期", "至", "until")
	status   = may(fStatus, "状态")
)

var layouts map[Kind]layout

// The readers lead back to the layouts for texts, so the table is filled here.
func init() {
	layouts = map[Kind]layout{
		Companies: {"参建单位", []column{need(fUnit, "单位", "单位全称", "企业名称", "参建单位", "名称"),
			need(fUnitKind, "类别", "参建类型", "类型"), may(fUSCC, "信用代码", "社会信用代码", "组织机构代码"),
			may(fParent, "母体单位", "母体企业", "上级单位"), external}, (*reader).company, nil},
		Projects: {"项目", []column{need(fCode, "项目编号", "项目编码", "项目代码"), need(fProject, "项目名称", "工程名称", "名称"),
			need(fOwner, "业主", "项目公司", "项目法人", "单位名称", "单位全称"), need(fRegion, region.aliases...),
			may(fSector, "行业类别"), status, start, end, external}, (*reader).project, nil},
		Sections: {"合同段", []column{need(fProject, project.aliases...), need(fSection, "合同段编号", "标段", "标段编号", "section"),
			may(fName, "合同段名称", "标段名称", "合同段全称"), need(fUnitKind, "类别", "参建类型", "合同段类别"),
			need(fUnit, unitName.aliases...), may(fSupervised, "该合同由几处管辖", "所属监理", "管辖监理处"),
			status, start, end, external}, (*reader).section, nil},
		Sites: {"驻地与工点", []column{project, need(fSection, section.aliases...), need(fName, "点位名称", "驻地名称", "工点名称", "name"),
			may(fCode, "点位编号", "驻地编号", "工点编号", "code"), need(fSiteKind, "点位类型", "驻地类型", "工点类型", "类别", "kind"),
			need(fLon, "lng", "lon", "x"), need(fLat, "lat", "y"), may(fDatum, "坐标系统", "datum"),
			may(fSleeps, "住人"), may(fBeds, "床位", "人数", "数量"), may(fAtRisk, "险", "有险", "是否受威胁"),
			may(fRisk, "险情原因", "隐患点编号", "隐患"), may(fSignal, "信号"), may(fMuster, "避险集合点"),
			region, from, external}, (*reader).site, nil},
		People: {"人员", []column{person, phone, idNumber, may(fLanguage, "语种"), external}, (*reader).person, nil},
		Posts: {"岗位", []column{person, phone, idNumber, need(fRole, "职务", "工种", "角色"), may(fSeat, "AB角", "角"),
			project, section, siteName, unitName, from, until}, (*reader).post, nil},
		Beds: {"住宿登记", []column{person, phone, idNumber, project, section, need(fSite, siteName.aliases...), from, until},
			(*reader).bed, nil},
		DutyRoster: {"值班表", []column{need(fDay, "日期"), need(fRole, "值班岗位", "职务", "角色"), person, phone, idNumber,
			project, section, siteName, unitName, may(fBegins, "上班时间", "自"), may(fEnds, "下班时间", "至")},
			(*reader).duty, nil},
		Teams: {"班组", []column{project, need(fSection, section.aliases...), need(fTeam, "班组名称", "施工班组", "作业队", "teamName"), person, phone, idNumber,
			may(fWork, "工种名称", "岗位", "workType"), may(fLeader, "班组长", "是否组长", "isTeamLeader"), may(fFrom, "进场日期", "进场时间", "开始日期", "entryTime"),
			may(fUntil, "退场日期", "退场时间", "结束日期", "exitTime"), unitName}, (*reader).team, nil},
		Shifts: {"班次", []column{person, phone, idNumber, project, section, need(fSite, siteName.aliases...), need(fDay, "日期", "上班日期", "班次日期"),
			need(fBegins, "上班时间", "上班", "自"), need(fEnds, "下班时间", "下班", "至")}, (*reader).shift, nil},
		Leaves: {"请假离场", []column{person, phone, idNumber, project, section, siteName, need(fFrom, "请假日期", "离场日期", "起始日期", "自"),
			may(fUntil, "截止日期", "请假截止日期", "至"), may(fWords, "原因", "请假原因", "离场原因", "类别", "请假类别")}, (*reader).leave, nil},
		Certificates: {"证书", []column{person, phone, idNumber, need(fCert, "证书", "证书类型", "证书类别", "资格证书", "持证名称"),
			may(fNumber, "证号", "证书号", "证件编号", "编号"), may(fIssuer, "发证单位", "颁发机构"), may(fIssued, "颁发日期", "取证日期"),
			may(fExpires, "有效期", "有效期限", "到期日期", "有效期止", "失效日期")}, (*reader).certificate, nil},
	}
	maps.Copy(layouts, formLayouts())
}

// names lists the headings a column goes by, for people.
func (c column) names() []string { return append([]string{string(c.field)}, c.aliases...) }
