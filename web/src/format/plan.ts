import type { Plan } from '../api/desk';
import { count } from './people';
import { ago } from './time';

/** "立即", "6 分", "1 分 30 秒": when a wave goes out after publishing. */
export function afterWords(seconds: number): string {
  if (seconds <= 0) return '立即';
  const m = Math.floor(seconds / 60);
  const s = seconds % 60;
  return [m && `${m} 分`, s && `${s} 秒`].filter(Boolean).join(' ');
}

/** One site that is hard to reach, with every reason for it in one line. */
export interface ReachRow { site: string; name: string; why: string; bad: boolean }

type Reach = Pick<Plan, 'nobody' | 'few_reachable' | 'no_contact'>;

/** Sites where nobody, or too few, can be reached: one row a site, those without anybody first. */
export function reachRows(plan: Reach, now: number): ReachRow[] {
  const rows = new Map<string, { name: string; whys: string[]; bad: boolean; cold: string[] }>();
  const row = (site: string, name: string) => rows.get(site) ?? rows.set(site, { name, whys: [], bad: false, cold: [] }).get(site)!;
  for (const s of plan.nobody.items) Object.assign(row(s.site_id, s.name), { whys: ['没有登记负责人'], bad: true });
  for (const s of plan.few_reachable.items) {
    const r = row(s.site_id, s.name);
    r.whys.push(s.reachable ? `只有 ${s.reachable} 名可叫到的人` : '登记的人都没有可用号码');
    r.bad ||= !s.reachable;
  }
  for (const p of plan.no_contact.items) row(p.site_id, p.site_name).cold.push(`${p.role_label}${p.last_at ? `上次 ${ago(p.last_at, now)}` : ''}`);
  return [...rows].map(([site, r]) => ({ site, name: r.name, bad: r.bad, why: [...r.whys, coldWords(r.cold)].filter(Boolean).join('；') }))
    .sort((a, b) => Number(b.bad) - Number(a.bad));
}

const coldWords = (cold: string[]): string => (cold.length ? `${cold.length} 人三十天没有联系到（${[...new Set(cold)].join('、')}）` : '');

/** What an update does besides the sites it keeps: "叫 3 个新进来或要求变了的点位，放出 2 个". */
export function updateWords(p: { asked: number; released: number; sites: number }): string {
  const parts = [p.asked ? `叫 ${count(p.asked)} 个新进来或要求加重的点位` : '没有点位要重新叫', p.released ? `放出 ${count(p.released)} 个` : ''].filter(Boolean).join('，');
  const stays = p.sites - p.asked;
  return stays > 0 ? `${parts}，${count(stays)} 个照旧` : parts;
}
