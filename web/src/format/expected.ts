import type { Leave, Numbers, Shift } from '../api/people';
import { count } from './people';
import { full, moment } from './time';

/** How the expected number comes about: sets that overlap, so they are never simply added up. */
export function expectedWords(n: Pick<Numbers, 'expected' | 'expected_of'>): string {
  const { together, away } = n.expected_of;
  const once = `住这里的、在班上的、在场的，同一个人只算一次，共 ${count(together)} 人`;
  return away ? `${once}；减去请假又不在场的 ${count(away)} 人。` : `${once}。`;
}

export type LeaveStage = 'coming' | 'away' | 'present';

/** Not begun, away, or seen there all the same. */
export function leaveStage(l: Pick<Leave, 'from' | 'present'>, now: number): LeaveStage {
  if (Date.parse(l.from) > now) return 'coming';
  return l.present ? 'present' : 'away';
}

/** "11-20 08:00 起，至 11-23 18:00", or that nobody knows until when. */
export const leaveSpan = (l: Pick<Leave, 'from' | 'until'>, now: number): string =>
  `${full(l.from, now)} 起，${l.until ? `至 ${full(l.until, now)}` : '到销假为止'}`;

export interface Watches { on: Shift[]; next: Shift[] }

/** Who is on shift now, and who comes later in the day. */
export function watches(all: Shift[], now: number): Watches {
  return { on: all.filter((s) => Date.parse(s.from) <= now && Date.parse(s.until) > now), next: all.filter((s) => Date.parse(s.from) > now) };
}

/** Why the number of an instant is another now than it was then. */
export function whyAnother(then: Numbers, now: Numbers): string {
  const same = then.certain === now.certain && then.possible === now.possible;
  if (!then.late) return same ? '一样：那一刻以前的打卡，当时都已收到。' : '不一样，但没有迟到的打卡。';
  const late = `${count(then.late.people)} 人在那之前的最后一条打卡当时还没收到，最晚的一条 ${moment(then.late.received_at!)} 才到`;
  return same ? `人数一样；不过有 ${late}。` : `差在迟到的打卡（断网补传、手机没网时扫的码）：${late}。`;
}
