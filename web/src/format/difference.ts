import type { Difference, Target } from '../api/types';
import { byWeight, measureLook } from './measure';
import { levelLook } from './level';

export type Kind = 'added' | 'changed' | 'released' | 'stays';

export interface DifferenceRow { kind: Kind; target: Target; text: string }

export const kindLabel: Record<Kind, string> = { added: '新增', changed: '变更', released: '解除', stays: '保留' };

const order: Kind[] = ['added', 'changed', 'released', 'stays'];

/** The rows of an update, what changes first and what stays last; within a kind worst first. */
export function differenceRows(d: Difference): DifferenceRow[] {
  const rows: DifferenceRow[] = [
    ...d.added.map((t): DifferenceRow => ({ kind: 'added', target: t, text: `新列入：${t.match.text || t.why[0] || '在新区域内'}` })),
    ...d.changed.map((c): DifferenceRow => ({ kind: 'changed', target: c.after, text: changeText(c.before, c.after) })),
    ...d.released.map((t): DifferenceRow => ({ kind: 'released', target: t, text: `不再要求${t.measure_label || measureLook(t.measure).label}` })),
    ...d.stays.map((t): DifferenceRow => ({ kind: 'stays', target: t, text: '没有变化' })),
  ];
  return rows.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || byWeight(a.target, b.target));
}

function changeText(before: Target, after: Target): string {
  const parts: string[] = [];
  if (before.measure !== after.measure) {
    parts.push(`${before.measure_label || measureLook(before.measure).label} → ${after.measure_label || measureLook(after.measure).label}`);
  }
  if (before.level !== after.level) parts.push(`${levelLook(before.level).word} → ${levelLook(after.level).word}`);
  if (before.match.certain !== after.match.certain) parts.push(after.match.certain ? '匹配由可能变为确定' : '匹配由确定变为可能');
  return parts.join('，') || '内容有变';
}

/** How many of each kind. */
export function differenceCounts(d: Difference): Record<Kind, number> {
  return { added: d.added.length, changed: d.changed.length, released: d.released.length, stays: d.stays.length };
}

/** True when an update would change nothing for anybody. */
export function nothingChanges(d: Difference): boolean {
  return d.added.length + d.changed.length + d.released.length === 0;
}
