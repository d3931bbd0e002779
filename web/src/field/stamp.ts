import { corrected, skewInWords, type Offset } from './clock';

const words = (b: Record<string, unknown>, key: string, more: string): Record<string, unknown> =>
  more ? { ...b, [key]: [b[key], `（${more}，已按服务器时间校正）`].filter(Boolean).join('') } : b;

/**
 * A body with the time the thing was done, by the server's clock, and with a word
 * where the phone's clock was far off. Done once, before the first try: what is
 * sent again must be the same to the byte.
 */
export function stamped(path: string, body: unknown, phoneAt: number, offset: Offset | null): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const at = corrected(phoneAt, offset);
  const said = skewInWords(offset);
  const b = body as Record<string, unknown>;
  if (path.endsWith('/muster/marks')) {
    return { ...b, marks: (b.marks as Record<string, unknown>[]).map((m) => words({ ...m, at }, 'words', said)) };
  }
  if (path.endsWith('/evacuation')) {
    return { ...b, reason: `${String(b.reason)}（手机上 ${new Date(at).toLocaleTimeString('zh-CN', { timeZone: 'Asia/Shanghai', hour12: false })} 按下）` };
  }
  if (path.endsWith('/positions')) return { ...b, at }; // it has no words
  if (path.endsWith('/leaves')) return words({ from: at, ...b }, 'words', said);
  return words({ ...b, at }, 'words', said);
}

/** The path of a photo with the time at which it was taken, by the server's clock. */
export function stampedPath(path: string, takenAt: number | undefined, offset: Offset | null): string {
  if (takenAt === undefined) return path;
  return `${path}${/[?&]$/.test(path) ? '' : '&'}taken_at=${encodeURIComponent(corrected(takenAt, offset))}`;
}
