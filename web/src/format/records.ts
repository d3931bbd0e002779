import type { CertificateRecord, CompanyRecord, DeviceRecord, PersonRecord, ProjectRecord, Query, SectionRecord, SiteRecord, TeamRecord } from '../api/registry';
import { lastDay } from './time';

/** The tables of the registry that have a page. */
export type Table = 'sites' | 'projects' | 'sections' | 'companies' | 'people' | 'teams' | 'certificates' | 'devices';
export type AnyRecord = SiteRecord | ProjectRecord | SectionRecord | CompanyRecord | PersonRecord | TeamRecord | CertificateRecord | DeviceRecord;
export interface Option { code: string; label: string }

export interface Look {
  word: string;
  /** What the search box finds. */
  finds: string;
  /** Who may write; empty: it comes in as a file only. */
  permission: string;
  kinds: Option[];
  /** What an unset state means, and the states to choose from; none: it has no state. */
  anyState: string;
  states: Option[];
  /** It lies in a region, or belongs to something that does. */
  placed: boolean;
}

const options = (words: Record<string, string>): Option[] => Object.entries(words).map(([code, label]) => ({ code, label }));

/** The states of projects and sections. */
export const unitStates = options({ planned: '筹建', building: '在建', stopped: '停工', winter: '冬休', handed_over: '交工', finished: '完工' });

/** The site kinds of the fixed vocabulary. */
export const siteKinds = options({
  residence_own: '自建驻地', residence_rent: '租赁驻地', residence_shared: '合住驻地', tunnel: '隧道工点', bridge: '桥梁工点', slope: '边坡/路堑', pit: '基坑', subgrade: '路基路面',
  river_work: '涉水工点', vessel: '施工船舶', plant: '拌合站', yard: '加工场/预制梁场', spoil: '弃渣场', magazine: '民爆库', other: '其他',
});

const usual = { placed: true, anyState: '全部状态' };

export const looks: Record<Table, Look> = {
  sites: { ...usual, word: '点位', finds: '名称或编号', permission: 'site.edit', kinds: siteKinds, anyState: '在用', states: options({ closed: '已撤场', all: '全部' }) },
  projects: { ...usual, word: '项目', finds: '名称或编号', permission: 'unit.edit', kinds: options({ road: '公路', waterway: '水运' }), states: unitStates },
  sections: { ...usual, word: '合同段', finds: '名称或编号', permission: 'unit.edit', kinds: options({ construction: '施工', supervision: '监理', testing: '检测' }), states: unitStates },
  companies: { word: '单位', finds: '名称或统一社会信用代码', permission: 'unit.edit', placed: false, anyState: '', states: [],
    kinds: options({ owner: '业主', contractor: '施工', supervisor: '监理', laboratory: '检测', parent: '母体企业' }) },
  people: { ...usual, word: '人员', finds: '姓名开头，或整个手机号、证件号', permission: 'person.edit', kinds: [], anyState: '现在的', states: options({ former: '已离开' }) },
  teams: { word: '班组', finds: '班组、单位或合同段的名称', permission: '', placed: true, anyState: '', kinds: [], states: [] },
  certificates: { word: '证书', finds: '持证人姓名开头，或证书名称', permission: '', placed: true, anyState: '全部状态', kinds: [], states: options({ soon: '快到期（30 天内）', expired: '已过期' }) },
  devices: { ...usual, word: '设备', finds: '序列号', permission: 'device.edit', kinds: options({ presence: '进出', attendance: '考勤' }),
    states: options({ active: '正常', silent: '没有数据', disabled: '停用' }) },
};

/** The tables that stand beside each other under one entry of the navigation. */
export const siblings: Partial<Record<Table, Table[]>> = Object.fromEntries(
  [['projects', 'sections', 'companies'] as const, ['people', 'teams', 'certificates'] as const].flatMap((group) => group.map((table) => [table, [...group]])));

const certificateStates: Record<string, string> = { expired: '已过期', soon: '快到期' };

/** How long a certificate holds, in words. */
export const holdsUntil = (c: Pick<CertificateRecord, 'until' | 'state'>): string =>
  (c.until ? `${c.state === 'expired' ? '已于' : '有效期至'} ${lastDay(c.until)}${c.state === 'expired' ? ' 到期' : ''}` : '长期有效');

/** What of a row needs to be seen at once. */
export function rowTag(r: AnyRecord): string {
  if ('state' in r) return certificateStates[r.state] ?? '';
  return 'status' in r && 'serial' in r && r.status !== 'active' ? r.status_label : '';
}

type Words = { head: string; sub: string };
const rows: { [K in Table]: (r: never) => Words } = {
  sites: (s: SiteRecord) => ({ head: s.name, sub: [s.kind_label, s.section.name, s.region.name].join(' · ') }),
  projects: (p: ProjectRecord) => ({ head: p.name, sub: `${p.status_label} · ${p.region.name} · ${p.sections_count} 合同段 · ${p.sites_count} 点位` }),
  sections: (s: SectionRecord) => ({ head: s.name, sub: [s.project.name, s.kind_label, s.status_label, s.company.name].join(' · ') }),
  companies: (c: CompanyRecord) => ({ head: c.name, sub: [c.kind_label, c.parent?.name, c.uscc].filter(Boolean).join(' · ') }),
  people: (p: PersonRecord) => ({ head: p.name ?? '（姓名不显示）', sub: p.ties.map((t) => [t.role_label || t.kind_label, t.unit.name].filter(Boolean).join(' ')).slice(0, 2).join('；') }),
  teams: (g: TeamRecord) => ({ head: g.name, sub: [`${g.people} 人`, g.section.name, g.company].filter(Boolean).join(' · ') }),
  certificates: (c: CertificateRecord) => ({ head: `${c.kind} ${c.person.name ?? '（姓名不显示）'}`, sub: [holdsUntil(c), c.where].filter(Boolean).join(' · ') }),
  devices: (d: DeviceRecord) => ({ head: d.serial, sub: [d.purpose_label, d.direction_label, d.site.name].filter(Boolean).join(' · ') }),
};

/** The two lines of a row: what it is, and where it belongs. */
export const rowWords = (table: Table, r: AnyRecord): Words => rows[table](r as never);

/** What the address of a list asks for. */
export function queryOf(route: Record<string, unknown>): Query {
  const text = (k: keyof Query) => (typeof route[k] === 'string' ? (route[k] as string) : '');
  return { q: text('q'), region: text('region'), kind: text('kind'), status: text('status'), project: text('project'), section: text('section'), site: text('site') };
}
