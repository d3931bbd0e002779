package roster

import "strings"

// Printed is a form as it is printed: rows of cells, and which of them are one
// (ranges like A4:A5).
type Printed struct {
	Sheet  string
	Rows   [][]string
	Merged []string
}

// PrintedForms are the empty tables of a form (湘交函〔2018〕288号 附件1, 附件4), with
// the project, which the originals leave out and several sections of one name need.
func PrintedForms(k Kind) []Printed {
	switch k {
	case ContactList:
		return []Printed{contactForm}
	case ContractStaff:
		return []Printed{
			staffForm("表1-1 施工", "项目施工单位人员履约信息录入表（表1-1）", "合同段：", "资格证书及身份证号", []string{
				"项目经理|建造师 交安B证 职称证", "总工程师|交安B证 高级职称证", "分管安全、生产的副经理或安全负责人|交安B证 职称证",
				"路基工程师|职称证", "桥梁工程师|职称证", "隧道工程师|职称证"}),
			staffForm("表1-2 监理", "项目监理机构人员履约信息录入表（表1-2）", "合同段：", "资格证书及编号", []string{
				"驻地监理工程师|监理工程师证 职称证", "副驻地监理工程师|监理工程师证 职称证", "安全总监|监理工程师证 安全培训证 职称证",
				"桥梁总监|监理工程师证 职称证", "隧道总监|监理工程师证 职称证"}),
			staffForm("表1-3 试验室", "项目工地试验室人员履约信息录入表（表1-3）", "授权名称：", "资格证书及编号", []string{
				"授权负责人(试验室主任)|检测工程师证 职称证", "检测工程师|检测工程师证 职称证", "检测员|检测员证"}),
		}
	}
	return nil
}

// staffForm is one of the tables 1-1 to 1-3; a post is followed by its papers. The
// number 4 that the original of 表1-2 leaves out is not left out here.
func staffForm(sheet, title, section, papers string, posts []string) Printed {
	p := Printed{Sheet: sheet, Merged: []string{"A1:G1"}, Rows: [][]string{
		{title}, {"项目名称：", "", section, "", "单位名称：", ""}, {"序号", "岗位", "合同人员", papers, "变更人员", papers, "备注"}}}
	for i, line := range posts {
		post, names, _ := strings.Cut(line, "|")
		lines := strings.ReplaceAll(names+" 身份证", " ", "：\n") + "："
		p.Rows = append(p.Rows, []string{string(rune('1' + i)), post, "", lines, "", lines, ""})
	}
	p.Rows = append(p.Rows, []string{"注：录入时受监人员本人到场并提供身份证原件及相关工作、考勤记录。"}, []string{"单位负责人签名、日期："}, []string{"业主单位负责人签名、日期："})
	return p
}

var contactForm = Printed{
	Sheet: "附件4",
	Rows: [][]string{
		{"配合系统及终端安装调试部门负责人、系统管理员联系汇总表"},
		{"市州：", "", "单位（盖章）：", "", "填报时间：", "", "联系人：", "", "联系电话：", ""},
		{"项目名称", "单位类型", "监理处", "合同段", "该合同由几处管辖", "单位名称", "统一社会信用代码", "拟安装考勤机数量", "合同履约人数",
			"负责人", "", "", "系统管理员", "", "", "计划开工日期", "计划完工日期"},
		{"", "", "", "", "", "", "", "", "", "姓名", "部门名称", "联系电话", "姓名", "身份证号码", "手机号码", "", ""},
	},
	Merged: []string{"A1:Q1", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:E4", "F3:F4", "G3:G4", "H3:H4", "I3:I4", "J3:L3", "M3:O3", "P3:P4", "Q3:Q4"},
}
