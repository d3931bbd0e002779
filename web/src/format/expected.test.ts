import { describe, expect, it } from 'vitest';
import type { Leave, Numbers, Shift } from '../api/people';
import { expectedWords, leaveSpan, leaveStage, watches, whyAnother } from './expected';

const now = Date.parse('2026-07-10T20:00:00+08:00');
const of = (certain: number, late: Numbers['late'] = null) => ({ certain, possible: 0, late }) as Numbers;

describe('the expected number in words', () => {
  const made = { beds: 26, shifts: 12, together: 30, away: 3 };
  it('never adds sets up that overlap', () => expect(expectedWords({ expected: 27, expected_of: made })).toMatch(/只算一次，共 30 人；减去请假又不在场的 3 人/));
  it('says nothing of leave where nobody is away', () => expect(expectedWords({ expected: 30, expected_of: { ...made, away: 0 } })).not.toContain('请假'));
});

describe('a leave', () => {
  const l = { from: '2026-07-10T08:00:00+08:00', until: null, present: false } as Leave;
  it('is open until somebody ends it', () => expect(leaveSpan(l, now)).toBe('07-10 08:00 起，到销假为止'));
  it.each([['away', l], ['present', { ...l, present: true }], ['coming', { ...l, present: true, from: '2026-07-11T08:00:00+08:00' }]])('is %s', (stage, leave) => expect(leaveStage(leave, now)).toBe(stage));
});

it('tells who is on shift from who comes next', () => {
  const shift = (from: string, until: string) => ({ from: `2026-07-10T${from}:00+08:00`, until: `2026-07-10T${until}:00+08:00` }) as Shift;
  const w = watches([shift('07:00', '20:00'), shift('19:00', '23:00'), shift('21:00', '23:00')], now);
  expect([w.on.length, w.next.length]).toEqual([1, 1]);
});

describe('why a past number is another now', () => {
  const late = { people: 3, received_at: new Date(Date.now() - 60_000).toISOString() };
  it('is that passes came late', () => expect(whyAnother(of(46, late), of(49))).toMatch(/^差在迟到的打卡.*3 人/));
  it('is nothing where it is the same', () => expect(whyAnother(of(46), of(46))).toMatch(/^一样/));
  it('is said even where the number did not change by it', () => expect(whyAnother(of(46, late), of(46))).toMatch(/^人数一样；不过有 3 人/));
});
