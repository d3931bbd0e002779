import { describe, expect, it } from 'vitest';
import type { Target } from '../api/types';
import { differenceCounts, differenceRows, nothingChanges } from './difference';
import { levelLook, levelOrder } from './level';
import { byWeight, markScale, measureLook, measures } from './measure';
import { changeSince, expectedInWords, peopleSpoken, peopleText, totalPeople } from './people';
import { reach, responsibleLine } from './responsible';
import { ago, clock, fromLocalInput, lasting, lateness, moment, span, toLocalInput } from './time';

describe('people', () => {
  it.each([
    [{ certain: 96, possible: 8 }, '96 +8'],
    [{ certain: 1204, possible: 0 }, '1,204'],
    [{ certain: 0, possible: 3 }, '0 +3'],
  ])('%o is written %s', (p, text) => expect(peopleText(p)).toBe(text));
  it('is spoken without adding up', () => expect(peopleSpoken({ certain: 96, possible: 8 })).toBe('确定 96 人，可能另有 8 人'));
  it('totals each on its own', () => expect(totalPeople([{ certain: 1, possible: 2 }, { certain: 3, possible: 4 }])).toEqual({ certain: 4, possible: 6 }));
  it('says what changed since publication', () => {
    expect(changeSince({ certain: 10, possible: 5 }, { certain: 8, possible: 6 })).toBe('确定少 2 人，可能多 1 人');
    expect(changeSince({ certain: 1, possible: 1 }, { certain: 1, possible: 1 })).toBe('');
  });
  it('says how many expected people have left no trace', () => {
    expect(expectedInWords({ certain: 1204, possible: 163, expected: 1412 })).toContain('还多 45 人');
    expect(expectedInWords({ certain: 5, possible: 0, expected: 3 })).toContain('多出 2 人');
  });
});

describe('levels and measures', () => {
  it('never shows a bare colour', () => expect(levelLook('red')).toMatchObject({ word: '红色', rank: 'Ⅰ级' }));
  it('shows an unknown level as not graded', () => expect(levelLook('purple').word).toBe('未定级'));
  it('sorts worst first', () => expect(['blue', 'red', 'yellow', 'orange'].sort((a, b) => levelOrder(a) - levelOrder(b))).toEqual(['red', 'orange', 'yellow', 'blue']));
  it('has a mark for each measure', () => {
    expect(measures.map((m) => measureLook(m).label)).toEqual(['撤离', '就地避险', '禁入', '停工', '加密巡查', '阅知']);
    expect(new Set(measures.map((m) => measureLook(m).shape)).size).toBe(6);
  });
  it('keeps the word of a measure it does not know', () => expect(measureLook('fly').label).toBe('fly'));
  it('grows marks with the people, within bounds', () => {
    expect(markScale(0)).toBeLessThan(markScale(50));
    expect(markScale(100_000)).toBe(1.7);
  });
});

const target = (over: Partial<Target>): Target => ({
  site_id: 's', name: 's', kind: '', kind_label: '', lon: 0, lat: 0, region_name: '', section: { id: '1', name: 'LJ-1' }, project: { id: 'p', name: 'P' }, company: '',
  level: 'orange', measure: 'patrol', measure_label: '加密巡查', closed_area: false,
  match: { certain: true, by: ['area'], text: '在区域内' }, why: [], people: { certain: 0, possible: 0 }, responsible: [], sentence: '', ...over,
});
const person = (id: string, name: string | null = id) => ({ person_id: id, name, role: '', role_label: '负责人', seat: '', phone: null });

describe('targets', () => {
  it('stand strictest first, then most people', () => {
    const list = [target({ site_id: 'read', measure: 'read' }), target({ site_id: 'few', measure: 'evacuate' }),
      target({ site_id: 'many', measure: 'evacuate', people: { certain: 9, possible: 0 } })];
    expect(list.sort(byWeight).map((t) => t.site_id)).toEqual(['many', 'few', 'read']);
  });
  it('count a person once and name the sites with nobody', () => {
    const r = reach([target({ responsible: [person('a'), person('b')] }), target({ responsible: [person('a')] }), target({ section: { id: '2', name: 'LJ-2' } })]);
    expect([r.people, r.sections, r.nobody.length, r.single]).toEqual([2, 2, 1, 1]);
  });
  it('say when nobody can be reached, and when a name may not be seen', () => {
    expect(responsibleLine([])).toBe('没有可联系的负责人');
    expect(responsibleLine([person('a', null)])).toContain('姓名不可见');
  });
});

describe('the difference of an update', () => {
  const d = {
    stays: [target({ site_id: 'stay' })],
    added: [target({ site_id: 'new', measure: 'evacuate' })],
    released: [target({ site_id: 'gone', measure: 'stop', measure_label: '停工' })],
    changed: [{ before: target({ site_id: 'c' }), after: target({ site_id: 'c', measure: 'evacuate', measure_label: '撤离', level: 'red' }) }],
  };
  it('shows what changes first and says how', () => {
    expect(differenceRows(d).map((r) => [r.target.site_id, r.text])).toEqual([
      ['new', '新列入：在区域内'], ['c', '加密巡查 → 撤离，橙色 → 红色'], ['gone', '不再要求停工'], ['stay', '没有变化'],
    ]);
  });
  it('is counted by kind', () => expect(differenceCounts(d)).toEqual({ added: 1, changed: 1, released: 1, stays: 1 }));
  it('knows when nothing changes', () => {
    expect(nothingChanges(d)).toBe(false);
    expect(nothingChanges({ ...d, added: [], changed: [], released: [] })).toBe(true);
  });
});

describe('time', () => {
  const now = '2026-07-17T18:14:36Z';
  it('is China\'s, whatever the desk says', () => expect(clock(now)).toBe('02:14:36'));
  it('leaves out the day only when it is today', () => {
    expect(moment('2026-07-17T18:09:00Z', now)).toBe('02:09');
    expect(moment('2026-07-17T15:59:00Z', now)).toBe('07-17 23:59');
    expect(moment('2025-07-17T15:59:00Z', now)).toBe('2025-07-17 23:59');
  });
  it('writes a window', () => {
    expect(span('2026-07-18T02:00:00+08:00', '2026-07-18T08:00:00+08:00', now)).toBe('07-18 02:00 至 08:00');
    expect(span(null, null)).toBe('没有写明时间');
  });
  it('writes lateness out', () => {
    expect(lateness('2026-07-18T01:58:00+08:00', '2026-07-18T02:09:00+08:00')).toBe('晚到 11 分钟');
    expect(lateness('2026-07-18T02:08:40+08:00', '2026-07-18T02:09:00+08:00')).toBe('');
    expect(lateness('2026-07-18T03:00:00+08:00', '2026-07-18T02:09:00+08:00')).toContain('时钟');
  });
  it('speaks of ages', () => {
    expect(lasting(12_000)).toBe('12 秒');
    expect(lasting(2 * 3600_000 + 300_000)).toBe('2 小时 5 分');
    expect(ago('2026-07-17T18:14:35Z', now)).toBe('1 秒前');
  });
  it('goes through an input field and back', () => {
    expect(fromLocalInput(toLocalInput('2026-07-18T08:00:00+08:00'))).toBe('2026-07-18T08:00:00+08:00');
  });
});
