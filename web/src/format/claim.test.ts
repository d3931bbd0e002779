import { describe, expect, it } from 'vitest';
import type { Thread, ThreadEvent } from '../api/response';
import { claimOrder, countsBeside, lastClaim, tookToReport } from './claim';

const people = (certain: number, expected: number | null) => ({ certain, possible: 0, expected, last_evidence_at: null });

describe('a report beside its evidence', () => {
  it.each([
    ['gate and count agree', { people_safe: 92, people_missing: 0, people: people(0, 92) }, '打卡已没有人确定在场'],
    ['somebody is still counted inside', { people_safe: 92, people_missing: 0, people: people(3, 96) }, '报告之后打卡仍有 3 人确定在场；报告共 92 人，应在 96 人，差 4 人'],
    ['nobody was counted', { people_safe: null, people_missing: null, people: people(3, 96) }, ''],
  ])('%s', (_, t, said) => expect(countsBeside(t)).toBe(said));
  it('is the last one that was made', () => {
    const e = (event: string, id: string) => ({ event, id }) as ThreadEvent;
    expect(lastClaim({ events: [e('reported', 'a'), e('refused', 'b'), e('reported', 'c'), e('confirmed', 'd')] })?.id).toBe('c');
    expect(lastClaim({ events: [] })).toBeNull();
  });
  it('took as long as from being asked', () => {
    const t = { opened_at: '2026-07-18T02:00:00+08:00', reported_at: '2026-07-18T02:12:00+08:00', acted_at: '2026-07-18T02:05:00+08:00' };
    expect(tookToReport({ ...t, measure: 'evacuate' })).toBe(720_000);
    expect(tookToReport({ ...t, measure: 'stop' })).toBe(300_000);
  });
});

describe('the queue', () => {
  it('has doubts first, then what was drawn, then what is late, then whoever waits longest', () => {
    const t = (id: string, over: Partial<Thread>) => ({ id, doubts: null, drawn: false, duty: null, since: '2026-07-18T02:05:00+08:00', ...over }) as Thread;
    const late = { kind: 'verify', label: '核实', due_at: '', overdue: true, next_at: '', next: null };
    const queue = [t('new', {}), t('old', { since: '2026-07-18T02:00:00+08:00' }), t('late', { duty: late }), t('drawn', { drawn: true }), t('doubt', { doubts: ['too_fast'] })];
    expect(queue.sort(claimOrder).map((x) => x.id).join(' ')).toBe('doubt drawn late old new');
  });
});
