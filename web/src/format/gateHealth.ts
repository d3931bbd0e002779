import type { GateRow } from '../api/gates';
import { ago, lasting } from './time';

/** "快 3 秒", "慢 8 小时", "准"; what nobody knows is said. */
export function clockWords(ms: number | null): string {
  if (ms === null) return '不知道';
  if (Math.abs(ms) < 1000) return '准';
  return `${ms > 0 ? '快' : '慢'} ${lasting(Math.abs(ms))}`;
}

/** When the device was last heard, and how long it may be silent. */
export function heardWords(g: Pick<GateRow, 'last_seen_at'>, now: number): string {
  return g.last_seen_at ? ago(g.last_seen_at, now) : '从未';
}

/** "安静 3 小时 就告警；现在已静默 40 分钟". */
export function silenceWords(g: Pick<GateRow, 'silent_s' | 'silent_allowed_s'>, set: number | undefined): string {
  const allowed = set || g.silent_allowed_s;
  if (!allowed) return '发心跳的 2 小时、只报打卡的 16 小时没有声音就告警，22 点到 6 点不计';
  const rule = `${lasting(allowed * 1000)}没有声音就告警${set ? '，昼夜都计' : '，22 点到 6 点不计'}`;
  return g.silent_s === null || g.silent_s < 60 ? rule : `${rule}；现在静默 ${lasting(g.silent_s * 1000)}`;
}

/** How many records of today were kept aside. */
export const asideToday = (g: Pick<GateRow, 'errors_today'>): number => Object.values(g.errors_today).reduce((sum, n) => sum + n, 0);

/** Where a device stands on its way into service. */
export interface Step { what: string; done: boolean; words: string; next: boolean }

/** Applied for, agreed to or refused, heard: what is done, by whom, and what comes next. */
export function way(g: Pick<GateRow, 'applied_at' | 'applied_by' | 'approved_at' | 'approved_by' | 'refused_at' | 'refused_by' | 'last_seen_at'>, say: (at: string) => string): Step[] {
  const steps: [string, string | null, string][] = [['项目申请', g.applied_at, g.applied_by], ['主管部门同意', g.approved_at, g.approved_by], ['收到数据', g.last_seen_at, '']];
  const next = steps.findIndex(([, at]) => !at);
  return steps.map(([what, at, who], i) => ({ what, done: Boolean(at), words: at ? [say(at), who].filter(Boolean).join(' ') : i !== next ? '' : g.refused_at ? ['不同意', say(g.refused_at), g.refused_by].filter(Boolean).join(' ') : '等这一步', next: i === next }));
}

/** Most in need first: silent, refused, waiting, then the others by name. */
export function needsFirst(a: GateRow, b: GateRow): number {
  const rank = { silent: 0, refused: 1, waiting: 2, active: 3 };
  return rank[a.state] - rank[b.state] || a.site.name.localeCompare(b.site.name, 'zh');
}

/** What happens when a device is taken out of use, said before it is done. */
export function disableWords(of: { site: string; purpose: string; others: number }): string[] {
  return [
    '它发来的记录从现在起一律退回，设备自己留着；已经收到的不动。',
    ...(of.purpose !== 'presence' ? [] : of.others
      ? [`“${of.site}”还有 ${of.others} 台设备在计人，只走这一台的人会漏计。`]
      : [`“${of.site}”没有别的设备计人：在场人数从此只会变旧，发预警时按“可能在场”算，改靠晚间报数和扫码。`]),
    '不再报静默告警。随时可以重新启用，令牌不变。',
  ];
}
