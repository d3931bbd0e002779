/** The words of the main ways: navigation, the states of a board, the editor. The source of every other language. */
export const zh = {
  'nav.inbox': '待办', 'nav.boards': '看板', 'nav.new': '新预警', 'nav.sites': '点位', 'nav.projects': '项目', 'nav.people': '人员', 'nav.devices': '设备', 'nav.verify': '核实', 'nav.watch': '值守',
  'nav.leave': '退出', 'nav.demo': '演示数据',
  'nav.standing': '常设授权', 'nav.sections': '合同段', 'nav.companies': '单位', 'nav.teams': '班组', 'nav.certificates': '证书', 'page.gates': '设备接入', 'gate.new': '登记设备…', 'gate.new.title': '登记设备（项目申请）', 'gate.adopt': '认领', 'gate.approve': '同意接入', 'gate.health': '现在怎样', 'gate.connect': '填进设备的', 'gate.aside': '留存待查', 'gate.setup': '怎样接入', 'gate.map': '点位对应',
  'standing.new': '签发…', 'standing.new.title': '签发常设授权', 'standing.sign': '签发', 'standing.revoke': '撤销…',
  'state.unanswered': '无应答', 'state.refused': '退回', 'state.reopened': '重新开启', 'state.expired_open': '到期未解除', 'state.pending': '待通知', 'state.delivered': '已送达', 'state.read': '已阅',
  'state.acknowledged': '已签收', 'state.moving': '转移中', 'state.carried_out': '已落实', 'state.reported': '报告已撤离', 'state.confirmed': '现场已确认', 'state.inspecting': '待排查', 'state.verified': '已核实',
  'state.lifted': '已解除', 'state.return_allowed': '准予返回', 'state.released': '不再受影响',
  'group.needs': '要你管', 'group.going': '在进行', 'group.done': '做完了',
  'tool.select': '移动', 'tool.polygon': '多边形', 'tool.circle': '圆', 'tool.rectangle': '矩形', 'tool.line': '沿线缓冲', 'tool.region': '行政区', 'tool.paste': '贴坐标', 'tool.subtract': '扣除', 'tool.cut': '切开',
  'tool.undo': '撤销', 'tool.redo': '重做',
  'form.actual': '实战', 'form.exercise': '演练', 'form.hazard': '灾种', 'form.expires': '失效时间（北京时间）', 'form.title': '标题', 'form.basis': '依据', 'form.note': '说明（可不写）',
  'edit.new': '新预警', 'edit.draft': '改草稿', 'edit.revise': '更新', 'edit.back': '返回', 'edit.on': '继续改', 'edit.save': '存草稿', 'edit.check': '发布前检查', 'edit.compare': '看看会变什么', 'edit.norights': '您没有发布权限',
  'now.head': '区域里现在有谁', 'now.certain': '人确定在场', 'now.possible': '可能另有', 'now.people': '人', 'now.sites': '点位', 'now.sections': '合同段', 'now.projects': '项目',
} as const;

export type Word = keyof typeof zh;
