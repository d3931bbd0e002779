import type { DeviceRecord, Kind, PersonRecord, ProjectRecord, Query, SiteRecord } from '../api/registry';

/** The four tables of the registry that have a page. */
export type Table = 'sites' | 'projects' | 'people' | 'devices';
export type AnyRecord = SiteRecord | ProjectRecord | PersonRecord | DeviceRecord;
export interface Option { code: string; label: string }

export interface Look {
  word: string;
  /** What the search box finds. */
  finds: string;
  /** Who may write. */
  permission: string;
  kinds: Option[] | 'site_kinds';
  states: Option[];
}

const projectStates: Option[] = [
  { code: 'planned', label: '筹建' }, { code: 'building', label: '在建' }, { code: 'stopped', label: '停工' },
  { code: 'winter', label: '冬休' }, { code: 'handed_over', label: '交工' }, { code: 'finished', label: '完工' },
];

export const looks: Record<Table, Look> = {
  sites: { word: '点位', finds: '名称或编号', permission: 'site.edit', kinds: 'site_kinds', states: [{ code: 'closed', label: '已撤场' }, { code: 'all', label: '全部' }] },
  projects: { word: '项目', finds: '名称或编号', permission: 'unit.edit', kinds: [{ code: 'road', label: '公路' }, { code: 'waterway', label: '水运' }], states: projectStates },
  people: { word: '人员', finds: '姓名开头，或整个手机号、证件号', permission: 'person.edit', kinds: [], states: [{ code: 'former', label: '已离开' }] },
  devices: { word: '设备', finds: '序列号', permission: 'device.edit', kinds: [{ code: 'presence', label: '进出' }, { code: 'attendance', label: '考勤' }],
    states: [{ code: 'active', label: '正常' }, { code: 'silent', label: '没有数据' }, { code: 'disabled', label: '停用' }] },
};

/** The site kinds of the fixed vocabulary. */
export const siteKinds: Option[] = Object.entries({
  residence_own: '自建驻地', residence_rent: '租赁驻地', residence_shared: '合住驻地', tunnel: '隧道工点', bridge: '桥梁工点', slope: '边坡/路堑', pit: '基坑', subgrade: '路基路面',
  river_work: '涉水工点', vessel: '施工船舶', plant: '拌合站', yard: '加工场/预制梁场', spoil: '弃渣场', magazine: '民爆库', other: '其他',
}).map(([code, label]) => ({ code, label }));

/** The two lines of a row: what it is, and where it belongs. */
export function rowWords(table: Table, r: AnyRecord): { head: string; sub: string } {
  switch (table) {
    case 'sites': { const s = r as SiteRecord; return { head: s.name, sub: [s.kind_label, s.section.name, s.region.name].join(' · ') }; }
    case 'projects': { const p = r as ProjectRecord; return { head: p.name, sub: `${p.status_label} · ${p.region.name} · ${p.sections_count} 合同段 · ${p.sites_count} 点位` }; }
    case 'people': { const p = r as PersonRecord; return { head: p.name ?? '（姓名不显示）', sub: p.ties.map((t) => [t.role_label || t.kind_label, t.unit.name].filter(Boolean).join(' ')).slice(0, 2).join('；') }; }
    case 'devices': { const d = r as DeviceRecord; return { head: d.serial, sub: [d.purpose_label, d.direction_label, d.site.name].filter(Boolean).join(' · ') }; }
  }
}

/** What the address of a list asks for. */
export function queryOf(route: Record<string, unknown>): Query {
  const text = (k: keyof Query) => (typeof route[k] === 'string' ? (route[k] as string) : '');
  return { q: text('q'), region: text('region'), kind: text('kind'), status: text('status'), project: text('project'), section: text('section'), site: text('site') };
}

/** One question of a form. `unit` is picked from another table. */
export interface Field {
  key: string;
  label: string;
  type: 'text' | 'number' | 'check' | 'select' | 'unit' | 'place' | 'secret';
  options?: Option[];
  of?: Kind;
  required?: boolean;
  /** Only asked when something new is made. */
  once?: boolean;
  /** Only asked of something that is there. */
  later?: boolean;
}

const signals = [{ code: 'good', label: '有信号' }, { code: 'weak', label: '弱信号' }, { code: 'none', label: '无信号' }];

export const fields: Record<Table, Field[]> = {
  sites: [
    { key: 'section_id', label: '合同段', type: 'unit', of: 'sections', required: true },
    { key: 'code', label: '编号', type: 'text', required: true }, { key: 'name', label: '名称', type: 'text', required: true },
    { key: 'kind', label: '类型', type: 'select', options: siteKinds, required: true },
    { key: 'geometry', label: '位置（在地图上点）', type: 'place', required: true },
    { key: 'sleeps', label: '住人', type: 'check' }, { key: 'beds', label: '床位', type: 'number' },
    { key: 'at_risk', label: '险', type: 'check' }, { key: 'risk_reason', label: '险在哪里', type: 'text' },
    { key: 'signal', label: '信号', type: 'select', options: signals, required: true },
    { key: 'muster_point', label: '集合点', type: 'text' }, { key: 'route', label: '转移路线', type: 'text' },
    { key: 'closes_gate', label: '禁入时闸机不放行', type: 'check' }, { key: 'closed', label: '已撤场', type: 'check', later: true },
  ],
  projects: [
    { key: 'code', label: '编号', type: 'text', required: true }, { key: 'name', label: '名称', type: 'text', required: true },
    { key: 'sector', label: '行业', type: 'select', options: looks.projects.kinds as Option[], required: true },
    { key: 'owner_id', label: '项目公司', type: 'unit', of: 'companies', required: true },
    { key: 'region', label: '区划代码', type: 'text', required: true }, { key: 'status', label: '状态', type: 'select', options: projectStates, required: true },
  ],
  people: [
    { key: 'name', label: '姓名', type: 'text', required: true }, { key: 'phone', label: '手机号（不填不变）', type: 'secret' }, { key: 'id_number', label: '证件号（不填不变）', type: 'secret' },
    { key: 'language', label: '语言', type: 'select', options: [{ code: 'zh', label: '普通话' }, { code: 'ii', label: '彝语' }, { code: 'bo', label: '藏语' }], required: true },
    { key: 'site_id', label: '住在哪个驻地（床位）', type: 'unit', of: 'sites', required: true, once: true },
  ],
  devices: [
    { key: 'serial', label: '序列号', type: 'text', required: true, once: true }, { key: 'site_id', label: '装在哪个点位', type: 'unit', of: 'sites', required: true },
    { key: 'purpose', label: '用途', type: 'select', options: [{ code: 'presence', label: '进出（算在场）' }, { code: 'attendance', label: '只考勤' }], required: true },
    { key: 'direction', label: '方向', type: 'select', options: [{ code: 'in', label: '进' }, { code: 'out', label: '出' }, { code: 'both', label: '进出' }], required: true },
    { key: 'disabled', label: '停用', type: 'check', later: true },
  ],
};

export type Values = Record<string, unknown>;

/** What a new record starts with. */
export const blank: Record<Table, Values> = {
  sites: { kind: 'residence_own', signal: 'good', sleeps: true, at_risk: false, beds: 0 }, projects: { sector: 'road', status: 'building' }, people: { language: 'zh' }, devices: { purpose: 'presence', direction: 'both' },
};

/** The values of a form for a record that is there; ids of what it belongs to are taken out of their objects. */
export function valuesOf(table: Table, r: AnyRecord): Values {
  const raw = r as unknown as Values;
  const part = (key: string) => raw[key] as { id?: string; code?: string } | undefined;
  const from: Values = { section_id: part('section')?.id, site_id: part('site')?.id, owner_id: part('owner')?.id, region: part('region')?.code, disabled: raw.status === 'disabled', closed: raw.closed_at != null };
  return Object.fromEntries(fields[table].filter((f) => !f.once && f.type !== 'secret').map((f) => [f.key, f.key in from ? from[f.key] : raw[f.key]]));
}

/** What is sent: nothing that was left empty, the place with its datum, a bed as the server wants it. */
export function bodyOf(table: Table, values: Values, version: number | null): Values {
  const sent = Object.fromEntries(Object.entries(values).filter(([, v]) => v !== '' && v !== undefined && v !== null));
  if (table === 'sites') sent.datum = 'wgs84';
  if (table === 'people' && sent.site_id) {
    sent.bed = { site_id: sent.site_id };
    delete sent.site_id;
  }
  return version === null ? sent : { ...sent, version };
}

/** Which required answer is still missing; empty when it can be sent. */
export function missingOf(table: Table, values: Values, anew: boolean): string {
  const open = fields[table].find((f) => f.required && (anew ? !f.later : !f.once) && (values[f.key] === undefined || values[f.key] === ''));
  return open ? `先填${open.label.replace(/（.*/, '')}` : '';
}
