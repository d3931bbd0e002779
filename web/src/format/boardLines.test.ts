import { describe, expect, it } from 'vitest';
import type { State, Thread } from '../api/response';
import { boardLines, boardSums, narrows, passes, readFilter, writeFilter } from './boardLines';

const now = Date.parse('2026-07-18T02:10:00+08:00');
const row = (id: string, state: State, over: Partial<Thread> = {}) => ({
  id, state, since: '2026-07-18T02:00:00+08:00', measure: 'evacuate', live: true, people: { certain: 10, possible: 1 }, people_missing: null, duty: null,
  site_name: `${id}号驻地`, section_id: 's1', section_name: 'LJ-3 标', project_id: 'p1', project_name: '云岭高速', region_name: '汶川县', ...over,
}) as Thread;
const late = { kind: 'act', label: '行动', due_at: '2026-07-18T02:09:00+08:00', overdue: true, next_at: '', next: null };

describe('the filter of a board', () => {
  it('goes into the address and comes back', () => {
    const f = readFilter({ state: 'unanswered,overdue,nonsense', unit: 's1', measure: 'stop', q: '驻地', done: '1' });
    expect(f).toEqual({ states: ['unanswered'], late: true, unit: 's1', measure: 'stop', text: '驻地', done: true });
    expect(writeFilter(f)).toEqual({ state: 'unanswered,overdue', unit: 's1', measure: 'stop', q: '驻地', done: '1' });
    expect(writeFilter(readFilter({}))).toEqual({});
    expect(narrows(readFilter({ done: '1' }))).toBe(false);
  });
  it.each([
    ['a state', { state: 'moving' }, 'b'], ['what is late, whatever its state', { state: 'overdue' }, 'c'], ['a section', { unit: 's2' }, 'c'],
    ['a project', { unit: 'p1' }, 'abc'], ['a measure', { measure: 'stop' }, 'a'], ['a county by its name', { q: '石棉' }, 'b'], ['nothing', {}, 'abc'],
  ])('looks at %s', (_, query, ids) => {
    const rows = [row('a', 'read', { measure: 'stop' }), row('b', 'moving', { region_name: '石棉县' }), row('c', 'acknowledged', { section_id: 's2', duty: late })];
    expect(rows.filter((t) => passes(t, readFilter(query), now)).map((t) => t.id).join('')).toBe(ids);
  });
});

describe('the lines of a board', () => {
  const places = [{ id: 'a', group: 'needs' as const }, { id: 'b', group: 'going' as const }, { id: 'c', group: 'done' as const }];
  const said = (query: Record<string, string>) => boardLines(places, readFilter(query)).map((l) => (l.kind === 'head' ? `${l.group}:${l.count}${l.folded ? '+' : ''}` : l.id)).join(' ');
  it('stand under their group; what is done is folded', () => expect(said({})).toBe('needs:1 a going:1 b done:1+'));
  it('unfold when asked for, and when something is looked for', () => {
    expect(said({ done: '1' })).toBe('needs:1 a going:1 b done:1 c');
    expect(said({ q: '驻地' })).toContain('done:1 c');
  });
});

describe('the sums of a board', () => {
  const s = boardSums([row('a', 'unanswered'), row('b', 'moving', { people_missing: 2 }), row('c', 'acknowledged', { duty: late }), row('d', 'verified'),
    row('e', 'lifted', { live: false, people_missing: 1 })], now);
  it('count people twice: certain and possible, never added up', () => expect([s.certain, s.possible]).toEqual([50, 5]));
  it('know who is missing where the measure still stands', () => expect([s.missing, s.missingAt.map((t) => t.id)]).toEqual([2, ['b']]));
  it('tell silent from late', () => expect([s.silent, s.silentPeople.certain, s.late, s.live]).toEqual([1, 10, 1, 3]));
});
