import type { Figure, Report } from '../api/response';
import { timer } from './countdown';

/** "02:10 / 04:00 / 12:31": the median, what nine of ten kept to, the slowest. */
export function figureWords(f: Pick<Figure, 'median_s' | 'p90_s' | 'worst_s'>): string {
  return [f.median_s, f.p90_s, f.worst_s].map((s) => timer(s * 1000)).join(' / ');
}

/** How many times people were called, in one line: "叫 1 次 12 人，叫 3 次 2 人". */
export function callsWords(list: { calls: number; people: number }[]): string {
  return list.map((c) => (c.calls === 0 ? `没有打电话 ${c.people} 人` : `打 ${c.calls} 次 ${c.people} 人`)).join('，');
}

/** The time line by the minute: "签收 13（短信 7，语音电话 6）· 送达 22（短信）". */
export function byMinute(line: Report['time_line'], channel: (code: string) => string): { at: string; text: string }[] {
  const minutes = new Map<string, Map<string, { sites: number; ways: string[] }>>();
  for (const m of line) {
    const events = minutes.get(m.at) ?? new Map<string, { sites: number; ways: string[] }>();
    const e = events.get(m.label) ?? { sites: 0, ways: [] };
    e.sites += m.sites;
    if (m.channel) e.ways.push(`${channel(m.channel)} ${m.sites}`);
    minutes.set(m.at, events.set(m.label, e));
  }
  const said = ([label, e]: [string, { sites: number; ways: string[] }]) => `${label} ${e.sites}${e.ways.length ? `（${e.ways.join('，')}）` : ''}`;
  return [...minutes].map(([at, events]) => ({ at, text: [...events].map(said).join(' · ') }));
}

const reasons: Record<string, string> = { off: '关机', nobody: '空号', no_answer: '无人接听', engaged: '占线' };

/** Why a notice did not arrive: a carrier's own words stay as they are, its codes get theirs. */
export const reasonWords = (said: string): string => reasons[said] ?? said;
