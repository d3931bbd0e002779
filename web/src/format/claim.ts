import type { FullThread, Thread, ThreadEvent } from '../api/response';
import { count } from './people';

/** The report that is looked at: the last one that was made. */
export function lastClaim(t: Pick<FullThread, 'events'>): ThreadEvent | null {
  return t.events.findLast((e) => e.event === 'reported' || e.event === 'carried_out') ?? null;
}

/** How what was reported and what the gates say fit together; empty where nothing was counted. */
export function countsBeside(t: Pick<Thread, 'people_safe' | 'people_missing' | 'people'>): string {
  if (t.people_safe === null) return '';
  const said = t.people_safe + (t.people_missing ?? 0);
  const expected = t.people.expected ?? null;
  const parts = [
    t.people.certain > 0 ? `报告之后打卡仍有 ${count(t.people.certain)} 人确定在场` : '打卡已没有人确定在场',
    expected === null || expected === said ? '' : `报告共 ${count(said)} 人，应在 ${count(expected)} 人，差 ${count(Math.abs(expected - said))} 人`,
  ];
  return parts.filter(Boolean).join('；');
}

/** How long after being asked it was reported, in ms; null when it was not. */
export function tookToReport(t: Pick<Thread, 'opened_at' | 'reported_at' | 'acted_at' | 'measure'>): number | null {
  const at = t.measure === 'evacuate' ? t.reported_at : t.acted_at;
  return at ? Date.parse(at) - Date.parse(t.opened_at) : null;
}

/** Which report is looked at first: with doubts, drawn by lot, past its time, then whoever waits longest. */
export function claimOrder(a: Thread, b: Thread): number {
  const weight = (t: Thread) => (t.doubts?.length ? 4 : 0) + (t.drawn ? 2 : 0) + (t.duty?.overdue ? 1 : 0);
  return weight(b) - weight(a) || Date.parse(a.since) - Date.parse(b.since);
}
