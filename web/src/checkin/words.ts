import type { Direction, Scanned, Shown, State } from './types.ts';

const levels: Record<string, string> = { red: '红色', orange: '橙色', yellow: '黄色', blue: '蓝色' };
const measures: Record<string, string> = { evacuate: '撤离', shelter: '就地避险', keep_out: '禁止进入', stop: '停工', patrol: '加密巡查', read: '注意' };

/** The head of a warning: what, and that it is a drill. */
export function warningHead(w: Shown): string {
  return `${w.exercise ? '【演练】' : ''}${levels[w.level] ?? ''} · ${measures[w.measure] ?? ''}`;
}

/** The levels whose colours exist; another has none. */
export function levelClass(w: Shown): string {
  return w.level in levels ? w.level : 'plain';
}

export function ways(s: State): Direction[] {
  if (s.purpose === 'muster') return ['out'];
  if (s.direction !== 'both') return [s.direction];
  return s.inside ? ['out', 'in'] : ['in', 'out'];
}

/** Whether the page asks for a code: never while people are being moved. */
export function asksForCode(s: State): boolean {
  return !s.proven && s.phone_tail !== null && !s.evacuating;
}

/** What a scan by a phone that nobody has proven is worth. */
export function unprovenWords(r: Scanned): string {
  if (!r.counted || !r.flags.some((f) => f.code === 'unproven')) return '';
  return r.evacuating ? '手机未验证，已注明' : '手机未验证，先按“可能在场”计';
}

/** The large words after a scan: did it count? */
export function headline(r: Scanned, proxy: boolean): string {
  if (r.mustered) return proxy ? `${r.people} 人已到集合点` : '你已到集合点，平安';
  if (!r.counted) return '没有计入';
  const way = { in: '进场', out: '离场', unknown: '打卡' }[r.direction];
  return proxy ? `${r.people} 人已${way}` : `你已${way}`;
}

export function fenceWords(r: Scanned): string {
  return { inside: '在现场范围内', outside: '不在现场范围内', unknown: '说不准（没有定位或误差太大）' }[r.fence];
}

/** The clock time of an instant, in China. */
export function clock(iso: string): string {
  return new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false }).format(new Date(iso));
}
