import { describe, expect, it } from 'vitest';
import { backOn, choices, endKept, leavesKept, tomorrow, type Roster } from './leave';
import type { Kept } from './outbox';

const now = Date.parse('2026-07-10T23:30:00+08:00');
const person = (id: string, name: string | null, phone: string | null) => ({ id, name, phone }) as Roster['people'][number];
const away = (id: string, from: string) => ({ id: `l-${id}`, from, until: null, person: { person_id: id } }) as unknown as Roster['leaves'][number];

describe('who can be given leave', () => {
  it('is told apart by the end of the number where names are masked', () => {
    const list = choices({ people: [person('1', '张*', '138****0002'), person('2', '张*', null), person('3', null, null)], leaves: [] }, now);
    expect(list.map((c) => c.label)).toEqual(['张*', '张* 尾号 0002']);
  });

  it('is not who is away already; who goes tomorrow may go today', () => {
    const list = choices({ people: [person('1', '甲', null), person('2', '乙', null)], leaves: [away('1', '2026-07-10T08:00:00+08:00'), away('2', '2026-07-11T08:00:00+08:00')] }, now);
    expect(Object.fromEntries(list.map((c) => [c.id, c.away]))).toEqual({ 1: true, 2: false });
  });
});

describe('a leave from the phone', () => {
  it('ends with the first minute of the day on which he is back', () => {
    expect(backOn('2026-07-13')).toBe('2026-07-13T00:00:00+08:00');
    expect(backOn('')).toBeUndefined();
    expect(tomorrow(now)).toBe('2026-07-11');
  });

  it('is shown until the duty room has it, and so is its end', () => {
    const kept = [{ id: 'a', path: '/sites/s/leaves', truth: 'reached' }, { id: 'b', path: '/sites/s/leaves', truth: 'kept', body: { person_id: '1' } },
      { id: 'c', path: '/sites/s/leaves/l-1/end', truth: 'kept' }] as Kept[];
    expect(leavesKept(kept, '/sites/s/leaves').map((l) => l.id)).toEqual(['b']);
    expect(endKept(kept, '/sites/s/leaves', 'l-1')?.id).toBe('c');
    expect(endKept(kept, '/sites/s/leaves', 'l-2')).toBeUndefined();
  });
});
