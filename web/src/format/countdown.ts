import type { Asked, Duty, Thread } from '../api/response';

/** "04:59", "1:02:03": a length of time as a clock shows it; never negative. */
export function timer(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const h = Math.floor(s / 3600);
  return `${h ? `${h}:${two(Math.floor((s % 3600) / 60))}` : two(Math.floor(s / 60))}:${two(s % 60)}`;
}

/** How long until a moment, in ms; below 0 it has gone by. */
export const until = (at: string, now: number): number => Date.parse(at) - now;

/** "签收还有 04:59", "签收已超 02:10". */
export function dutyWords(duty: Duty, now: number): string {
  const left = until(duty.due_at, now);
  return left > 0 ? `${duty.label}还有 ${timer(left)}` : `${duty.label}已超 ${timer(-left)}`;
}

/** What the clock does next when nobody acts: "00:38 后 → 合同段负责人 · 语音电话、短信". */
export function nextWords(duty: Duty | null, now: number, channel: (code: string) => string): string {
  if (!duty) return '';
  if (!duty.next) return until(duty.due_at, now) > 0 ? '到时没有下一级可叫' : '已经叫到头，没有下一级';
  const left = until(duty.next.at, now);
  const how = duty.next.channels.map(channel).join('、');
  return `${left > 0 ? `${timer(left)} 后` : '正在'} → ${duty.next.party_label}${how ? ` · ${how}` : ''}`;
}

/** What a row says of its clock: first what comes next, then what it is about. */
export function stepWords(t: Pick<Thread, 'state' | 'duty'>, now: number, channel: (code: string) => string): { main: string; sub: string; late: boolean } {
  if (!t.duty) return { main: '', sub: '', late: false };
  const due = dutyWords(t.duty, now);
  const next = nextWords(t.duty, now, channel);
  const late = until(t.duty.due_at, now) <= 0;
  if (['pending', 'delivered', 'read', 'unanswered', 'reopened'].includes(t.state)) return { main: next, sub: due, late };
  return { main: due, sub: t.duty.next ? next : '', late };
}

/** How far asking has come, in people. */
export function askedWords(a: Asked): string {
  if (a.people === 0) return '没有人可叫';
  if (a.failed >= a.people) return `叫 ${a.people} 人，都不通`;
  return [`叫 ${a.people} 人`, `发出 ${a.told}`, `应答 ${a.answered}`, a.failed ? `不通 ${a.failed}` : ''].filter(Boolean).join(' · ');
}
