import type { Kind } from '../api/registry';
import { looks, siteKinds, unitStates, type AnyRecord, type Option, type Table } from './records';

/** One question of a form. `unit` is picked from another table; `kept` is not asked but sent back as it was. */
export interface Field {
  key: string;
  label: string;
  type: 'text' | 'number' | 'check' | 'select' | 'unit' | 'place' | 'secret' | 'kept';
  options?: Option[];
  of?: Kind;
  /** Which of the other table can be picked. */
  only?: string;
  required?: boolean;
  /** Only asked when something new is made. */
  once?: boolean;
  /** Only asked of something that is there. */
  later?: boolean;
}

const text = (key: string, label: string, required = true): Field => ({ key, label, type: 'text', required });
const one = (key: string, label: string, choices: Option[]): Field => ({ key, label, type: 'select', options: choices, required: true });
const unit = (key: string, label: string, of: Kind, more: Partial<Field> = {}): Field => ({ key, label, type: 'unit', of, required: true, ...more });
const check = (key: string, label: string): Field => ({ key, label, type: 'check' });

const signals = [{ code: 'good', label: '有信号' }, { code: 'weak', label: '弱信号' }, { code: 'none', label: '无信号' }];
const languages = [{ code: 'zh', label: '普通话' }, { code: 'ii', label: '彝语' }, { code: 'bo', label: '藏语' }];

/** What a device counts for, and which way it stands. */
export const purposes = [{ code: 'presence', label: '进出（算在场）' }, { code: 'attendance', label: '只考勤（不算在场）' }];
export const ways = [{ code: 'both', label: '进出都有' }, { code: 'in', label: '只进' }, { code: 'out', label: '只出' }];

export const fields: Record<Table, Field[]> = {
  sites: [
    unit('section_id', '合同段', 'sections'), text('code', '编号'), text('name', '名称'), one('kind', '类型', siteKinds),
    { key: 'geometry', label: '位置（在地图上点）', type: 'place', required: true },
    check('sleeps', '住人'), { key: 'beds', label: '床位', type: 'number' }, check('at_risk', '险'), text('risk_reason', '险在哪里', false),
    one('signal', '信号', signals), text('muster_point', '集合点', false), text('route', '转移路线', false),
    check('closes_gate', '禁入时闸机不放行'), { ...check('closed', '已撤场'), later: true },
  ],
  projects: [
    text('code', '编号'), text('name', '名称'), one('sector', '行业', looks.projects.kinds), unit('owner_id', '项目公司', 'companies'),
    text('region', '区划代码'), one('status', '状态', unitStates),
  ],
  sections: [
    unit('project_id', '项目', 'projects', { once: true }), text('code', '编号'), text('name', '名称'), one('kind', '类别', looks.sections.kinds),
    unit('company_id', '承担单位', 'companies'), unit('supervised_by', '由哪个监理合同段监理（没有可不填）', 'sections', { required: false, only: 'supervision' }), one('status', '状态', unitStates),
  ],
  companies: [
    text('name', '单位全称'), one('kind', '类型', looks.companies.kinds), text('uscc', '统一社会信用代码（18 位，可后补）', false),
    unit('parent_id', '上级或母体单位（没有可不填）', 'companies', { required: false }),
  ],
  people: [
    text('name', '姓名'), { key: 'phone', label: '手机号（不填不变）', type: 'secret' }, { key: 'id_number', label: '证件号（不填不变）', type: 'secret' },
    one('language', '语言', languages), unit('site_id', '住在哪个驻地（床位）', 'sites', { once: true }),
  ],
  teams: [],
  certificates: [],
  devices: [
    { ...text('serial', '序列号'), once: true }, unit('site_id', '装在哪个点位', 'sites'), one('purpose', '用途', purposes), one('direction', '方向', ways),
    { key: 'disabled', label: '', type: 'kept', later: true },
  ],
};

export type Values = Record<string, unknown>;

/** What a new record starts with. */
export const blank: Record<Table, Values> = {
  sites: { kind: 'residence_own', signal: 'good', sleeps: true, at_risk: false, beds: 0 }, projects: { sector: 'road', status: 'building' }, sections: { kind: 'construction', status: 'building' },
  companies: { kind: 'contractor' }, people: { language: 'zh' }, teams: {}, certificates: {}, devices: { purpose: 'presence', direction: 'both' },
};

/** Which object of a record a field's id is taken from. */
const objects: Record<string, string> = { section_id: 'section', site_id: 'site', owner_id: 'owner', project_id: 'project', company_id: 'company', supervised_by: 'supervised_by', parent_id: 'parent' };
type Part = { id?: string; code?: string; name?: string } | null | undefined;
const part = (r: AnyRecord, key: string) => (r as unknown as Record<string, Part>)[key];

/** The name of what a field points to. */
export const nameOf = (r: AnyRecord | null, key: string): string | undefined => (r && objects[key] ? part(r, objects[key])?.name : undefined);

/** The values of a form for a record that is there; ids of what it belongs to are taken out of their objects. */
export function valuesOf(table: Table, r: AnyRecord): Values {
  const raw = r as unknown as Values;
  const value = (key: string): unknown => {
    if (objects[key]) return part(r, objects[key])?.id;
    if (key === 'region') return part(r, 'region')?.code;
    if (key === 'disabled') return raw.status === 'disabled';
    if (key === 'closed') return raw.closed_at != null;
    return raw[key];
  };
  return Object.fromEntries(fields[table].filter((f) => !f.once && f.type !== 'secret').map((f) => [f.key, value(f.key)]));
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
