import type { Notice } from '../api/response';

const stamp: Record<string, keyof Pick<Notice, 'sent_at' | 'delivered_at' | 'read_at' | 'answered_at'>> = {
  sent: 'sent_at', delivered: 'delivered_at', read: 'read_at', answered: 'answered_at',
};

/** When a notice came into the state that is shown; null where no such time is kept. */
export function noticeAt(n: Pick<Notice, 'state' | 'sent_at' | 'delivered_at' | 'read_at' | 'answered_at'>): string | null {
  const of = stamp[n.state];
  return of ? n[of] : null;
}

/** "已应答 2 · 已送达 5 · 发送失败 1": each state by itself, in the order of their number. */
export function noticeStates(list: Pick<Notice, 'state' | 'state_label'>[]): string {
  const n = new Map<string, number>();
  for (const { state_label } of list) n.set(state_label, (n.get(state_label) ?? 0) + 1);
  return [...n].sort((a, b) => b[1] - a[1]).map(([label, count]) => `${label} ${count}`).join(' · ');
}
