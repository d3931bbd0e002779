/** How far this phone's clock is from the server's, as it was found out when the server last answered. */
export interface Offset {
  /** server − phone, in ms. */
  ms: number;
  /** The phone's clock when that was found out. */
  measuredAt: number;
}

/** A clock this far off is said aloud; less is nobody's business. */
export const worthSaying = 2 * 60_000;

/**
 * The offset from an answer's Date header, which has whole seconds: the middle of
 * that second against the middle of the way there and back. Null without a
 * readable date, or when the way took so long that it says nothing.
 */
export function measure(date: string | null, sentAt: number, heardAt: number): Offset | null {
  const server = date ? Date.parse(date) : NaN;
  if (!Number.isFinite(server) || heardAt < sentAt || heardAt - sentAt > 30_000) return null;
  return { ms: Math.round(server + 500 - (sentAt + heardAt) / 2), measuredAt: heardAt };
}

/** An act's time as the server is told it: the phone's, put right by the offset; without one, as it is. */
export function corrected(phoneAt: number, offset: Offset | null): string {
  return new Date(phoneAt + (offset?.ms ?? 0)).toISOString();
}

/** "手机时间快 23 小时 58 分" when the clock is off by so much that it must be said; else empty. */
export function skewInWords(offset: Offset | null): string {
  if (!offset || Math.abs(offset.ms) < worthSaying) return '';
  const m = Math.round(Math.abs(offset.ms) / 60_000);
  const h = Math.floor(m / 60);
  const d = Math.floor(h / 24);
  const length = d > 0 ? `${d} 天 ${h % 24} 小时` : h > 0 ? `${h} 小时 ${m % 60} 分` : `${m} 分`;
  return `手机时间${offset.ms < 0 ? '快' : '慢'} ${length}`;
}
