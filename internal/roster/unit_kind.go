package roster

// CompanyKind is what a company does in projects (单位类型).
type CompanyKind string

// The kinds of companies.
const (
	OwnerCompany      CompanyKind = "owner"
	ContractorCompany CompanyKind = "contractor"
	SupervisorCompany CompanyKind = "supervisor"
	LaboratoryCompany CompanyKind = "laboratory"
	ParentCompany     CompanyKind = "parent"
)

var companyKinds = words("单位类型",
	word(OwnerCompany, "业主", "建设单位", "项目法人", "项目公司"),
	word(ContractorCompany, "施工", "施工单位", "总包", "总承包"),
	word(SupervisorCompany, "监理", "监理单位", "驻地办", "总监办"),
	word(LaboratoryCompany, "检测", "检测单位", "试验室", "中心试验室", "工地试验室"),
	word(ParentCompany, "母体企业", "母体单位", "母体", "集团"),
)

// ParseCompanyKind reads a code, label or alias; errs.Fix otherwise.
func ParseCompanyKind(text string) (CompanyKind, error) { return companyKinds.parse(text) }

// Label is the Chinese word of the kind.
func (k CompanyKind) Label() string { return companyKinds.label(k) }

// SectionKind is what is done under a section's contract (合同段类别).
type SectionKind string

// The kinds of sections.
const (
	Construction SectionKind = "construction"
	Supervision  SectionKind = "supervision"
	Testing      SectionKind = "testing"
)

var sectionKinds = words("合同段类别",
	word(Construction, "施工", "施工单位", "总包", "施工合同段", "土建"),
	word(Supervision, "监理", "监理单位", "驻地办", "总监办", "监理处", "监理合同段"),
	word(Testing, "检测", "检测单位", "试验室", "中心试验室", "检测合同段"),
)

// ParseSectionKind reads a code, label or alias; errs.Fix otherwise.
func ParseSectionKind(text string) (SectionKind, error) { return sectionKinds.parse(text) }

// Label is the Chinese word of the kind.
func (k SectionKind) Label() string { return sectionKinds.label(k) }

// UnitKind is what a post or a line of the duty roster belongs to.
type UnitKind string

// The kinds of units.
const (
	AuthorityUnit UnitKind = "authority"
	CompanyUnit   UnitKind = "company"
	ProjectUnit   UnitKind = "project"
	SectionUnit   UnitKind = "section"
	SiteUnit      UnitKind = "site"
)

var unitKinds = words("单位层级",
	word(AuthorityUnit, "主管部门", "质监机构", "厅属单位"),
	word(CompanyUnit, "企业", "单位", "公司"),
	word(ProjectUnit, "项目", "工程"),
	word(SectionUnit, "合同段", "标段"),
	word(SiteUnit, "点位", "驻地", "工点"),
)

// ParseUnitKind reads a code, label or alias; errs.Fix otherwise.
func ParseUnitKind(text string) (UnitKind, error) { return unitKinds.parse(text) }

// Label is the Chinese word of the kind.
func (k UnitKind) Label() string { return unitKinds.label(k) }
