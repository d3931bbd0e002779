import type { Table } from './records';

/** The printed forms that a table of the registry is taken out as: what the link says, what it is, where it is. */
export interface FormSheet { short: string; title: string; path: string }

const sheets: Partial<Record<Table, FormSheet>> = {
  projects: { short: '附件4', title: '负责人、系统管理员联系汇总表，可再导入', path: '/api/v1/projects/contact_list.xlsx' },
  sections: { short: '表1', title: '表1-1、1-2、1-3 人员履约信息录入表，每个合同段一张，可再导入', path: '/api/v1/sections/contract_staff.xlsx' },
};

/** The form of a table; of one project when it is opened or the list is narrowed to it. */
export function formSheet(table: Table, project: string): FormSheet | null {
  const sheet = sheets[table];
  return sheet ? { ...sheet, path: sheet.path + (project ? `?project=${encodeURIComponent(project)}` : '') } : null;
}
