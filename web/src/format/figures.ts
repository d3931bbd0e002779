import type { Figure } from '../api/response';
import { timer } from './countdown';

/** "02:10 / 04:00 / 12:31": the median, what nine of ten kept to, the slowest. */
export function figureWords(f: Pick<Figure, 'median_s' | 'p90_s' | 'worst_s'>): string {
  return [f.median_s, f.p90_s, f.worst_s].map((s) => timer(s * 1000)).join(' / ');
}

/** How many times people were called, in one line: "叫 1 次 12 人，叫 3 次 2 人". */
export function callsWords(list: { calls: number; people: number }[]): string {
  return list.map((c) => (c.calls === 0 ? `没有打电话 ${c.people} 人` : `打 ${c.calls} 次 ${c.people} 人`)).join('，');
}
