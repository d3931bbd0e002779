import { describe, expect, it } from 'vitest';
import type { ImportResult } from '../api/imports';
import { badLines, changes, leftOut, pageOf, tallyWords, unfit } from './importWords';

const fault = (line: number, sheet?: string) => ({ line, sheet, column: '手机号码', value: '12***', text: '不对', mend: '改' });
const result = (more: Partial<ImportResult>): ImportResult => ({ kind: 'people', rows: 3, good: 2, written: 0, bad: [], listed: [], tally: [], missing: 0, records: [], ...more });
const megabyte = 1024 * 1024;

describe('what an import says', () => {
  it.each([
    ['too large to be sent', 200 * megabyte, '200 MB'],
    ['empty', 0, '是空的'],
    ['as it should be', megabyte, ''],
  ])('of a file that is %s', (_, size, word) => expect(unfit({ name: '人员.xlsx', size })).toContain(word));

  it('names what is new, changed and as it was, and no zeros', () => {
    expect(tallyWords({ noun: 'person', label: '人员', new: 1203, updated: 0, unchanged: 20 })).toBe('人员：新增 1,203，没有变化 20');
  });

  it('knows when there is nothing to do', () => {
    expect(changes(result({ tally: [{ noun: 'post', label: '岗位', new: 0, updated: 0, unchanged: 2 }] }))).toBe(false);
    expect(changes(result({ tally: [{ noun: 'post', label: '岗位', new: 0, updated: 1, unchanged: 2 }] }))).toBe(true);
  });

  it('says which lines will be left out, each once', () => {
    const r = result({ bad: [fault(3), fault(3), fault(7, '二标'), fault(0)] });
    expect(badLines(r)).toEqual(['第 3 行', '二标 第 7 行']);
    expect(leftOut(r)).toBe('第 3 行、二标 第 7 行不导入');
    expect(leftOut(r, 1)).toBe('第 3 行 等 2 行不导入');
  });

  it('leads to what was made', () => {
    const post = { line: 2, label: '岗位', new: true, page: 'person', id: 'p' } as const;
    const person = { ...post, label: '人员' };
    expect(pageOf(post, [post])).toBe('/people/p');
    expect(pageOf(person, [person])).toBe('');
    expect(pageOf(person, [person, post])).toBe('/people/p');
  });
});
