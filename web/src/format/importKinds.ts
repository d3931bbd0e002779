/** What a file may hold, in the order in which a project is set up; `where` it is looked at afterwards. */
export interface ImportKind { code: string; label: string; where: string }
export const importKinds: { title: string; kinds: ImportKind[] }[] = [
  { title: '照原样的表格', kinds: [{ code: 'contact_list', label: '附件4 联系汇总表', where: '/sections' }, { code: 'contract_staff', label: '表1-1、1-2、1-3 人员履约信息', where: '/people' }] },
  { title: '单位和点位', kinds: [{ code: 'companies', label: '单位', where: '/companies' }, { code: 'projects', label: '项目', where: '/projects' }, { code: 'sections', label: '合同段', where: '/sections' }, { code: 'sites', label: '点位', where: '/sites' }] },
  { title: '人', kinds: [
    { code: 'people', label: '人员', where: '/people' }, { code: 'posts', label: '岗位', where: '/people' }, { code: 'beds', label: '住宿登记', where: '/people' }, { code: 'teams', label: '班组', where: '/teams' },
    { code: 'shifts', label: '班次', where: '/people' }, { code: 'leaves', label: '请假', where: '/people' }, { code: 'certificates', label: '证书', where: '/certificates' }, { code: 'duty_roster', label: '值班表', where: '/people' }] },
];

/** Where a list of the registry leads to. */
export const importOf: Partial<Record<string, string>> = { sites: 'sites', projects: 'projects', sections: 'sections', companies: 'companies', people: 'people', teams: 'teams', certificates: 'certificates' };

/** "一标 第 3 行"; the file as a whole has no line. */
export const lineWords = (p: { sheet?: string; line: number }): string => [p.sheet, p.line ? `第 ${p.line} 行` : ''].filter(Boolean).join(' ') || '整个文件';
