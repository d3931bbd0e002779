import type { Feed, SignIn, Signed } from '../api/standing';
import { levelOrder } from './level';
import { count } from './people';
import { full, fromLocalInput } from './time';

/** What the state of an authorisation is called. */
export const standingStates: Record<Signed['state'], { label: string; style: string }> = {
  in_force: { label: '生效中', style: 'wash' }, coming: { label: '还没开始', style: 'grey-line' }, over: { label: '已到期', style: 'grey' }, revoked: { label: '已撤销', style: 'outline' },
};

const listed = (words: string[]) => words.join('、');

export interface Covers { hazards: string[]; levels: string[]; sources: string[]; max_km2: number; max_sites: number; delay_minutes: number }

/** What goes out by itself, in one sentence that a person can be held to. */
export function coverWords(c: Covers): string {
  return `${listed(c.sources)}发来的${listed(c.hazards)}预警，等级为${listed(c.levels)}，区域不超过 ${count(c.max_km2)} km²、受影响点位不超过 ${count(c.max_sites)} 个的，草稿等 ${c.delay_minutes} 分钟，没有人接手、暂缓或改动，就自动转发。`;
}

/** The same of one that was signed; a source is called as it is known here. */
export function signedWords(s: Signed, feeds: Feed[] = []): string {
  return coverWords({ ...s, hazards: s.hazards.map((h) => h.label), levels: [...s.levels].sort((a, b) => levelOrder(a.code) - levelOrder(b.code)).map((l) => l.label), sources: s.sources.map((n) => feeds.find((f) => f.name === n)?.title ?? n) });
}

/** The row of a list: levels and hazards, then the limits. */
export function limitsWords(s: Pick<Signed, 'max_km2' | 'max_sites' | 'delay_minutes'>): string {
  return `≤ ${count(s.max_km2)} km² · ≤ ${count(s.max_sites)} 点位 · 等 ${s.delay_minutes} 分钟`;
}

export interface Past { at: string; words: string }

/** What has happened to it, the latest first. Nothing of it can be changed, only ended. */
export function past(s: Signed, now: number): Past[] {
  const coming = (at: string) => Date.parse(at) > now;
  // Revoking writes the row anew: when it was signed is then no longer told apart from when it began.
  const list: Past[] = s.revoked
    ? [{ at: s.valid_from, words: `${s.signer.title}签发，自此有效` }, { at: s.revoked.at, words: `${s.revoked.by.title}撤销：${s.revoked.reason}` }]
    : [{ at: s.recorded_at, words: `${s.signer.title}签发` }, { at: s.valid_until, words: coming(s.valid_until) ? '将到期，不再自动转发' : '到期' }];
  if (!s.revoked && s.valid_from !== s.recorded_at) list.push({ at: s.valid_from, words: coming(s.valid_from) ? '将开始有效' : '开始有效' });
  return list.sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

/** An authorisation as it is written in the form. */
export interface StandingForm { title: string; hazards: string[]; levels: string[]; sources: string[]; maxKm2: number | ''; maxSites: number | ''; delay: number | ''; from: string; until: string; words: string; office: string }

export const emptyStanding = (): StandingForm =>
  ({ title: '', hazards: [], levels: ['blue'], sources: [], maxKm2: '', maxSites: '', delay: 10, from: '', until: '', words: '', office: '' });

/** The form for signing the same again; its time is asked anew. */
export const againOf = (s: Signed): StandingForm => ({
  ...emptyStanding(), title: s.title, hazards: s.hazards.map((h) => h.code), levels: s.levels.map((l) => l.code), sources: [...s.sources],
  maxKm2: s.max_km2, maxSites: s.max_sites, delay: s.delay_minutes, words: s.words,
});

/** What keeps it from being signed; empty when nothing does. */
export function standingMissing(f: StandingForm, now: number): string {
  if (!f.title.trim()) return '先写名称';
  if (!f.hazards.length) return '先选灾种';
  if (!f.levels.length) return '先选等级';
  if (!f.sources.length) return '先选数据源';
  if (!(Number(f.maxKm2) > 0)) return '先写面积上限';
  if (!(Number(f.maxSites) > 0)) return '先写点位上限';
  if (!(Number(f.delay) >= 1 && Number(f.delay) <= 120)) return '等待 1 至 120 分钟';
  if (!f.until) return '先写到什么时候';
  return span(f, now);
}

const year = 366 * 86_400_000;

function span(f: StandingForm, now: number): string {
  const from = f.from ? Date.parse(fromLocalInput(f.from)) : now;
  const until = Date.parse(fromLocalInput(f.until));
  if (!(until > Math.max(from, now))) return '截止时间要晚于开始和现在';
  return until - from > year ? '最长一年，到期重签' : '';
}

/** What is sent. */
export function signBody(f: StandingForm): SignIn {
  const body: SignIn = { title: f.title.trim(), hazards: f.hazards, levels: f.levels, sources: f.sources, max_km2: Number(f.maxKm2), max_sites: Number(f.maxSites), delay_minutes: Number(f.delay), valid_until: fromLocalInput(f.until) };
  if (f.from) body.valid_from = fromLocalInput(f.from);
  if (f.words.trim()) body.words = f.words.trim();
  if (f.office) body.authority_id = f.office;
  return body;
}

/** "07-01 08:00 至 09-30 24:00". */
export const heldWords = (s: Pick<Signed, 'valid_from' | 'valid_until'>, now: number): string => `${full(s.valid_from, now)} 至 ${full(s.valid_until, now)}`;
