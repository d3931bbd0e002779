import { describe, expect, it } from 'vitest';
import type { Warning } from '../api/types';
import { draftChange } from './draftChange';

const draft = { level: 'orange', hazard: 'rain', title: '甲', basis: '乙', note: '', expires: '2026-07-18T08:00:00+08:00', areas: [], choices: [] } as unknown as Warning;

describe('what another officer changed', () => {
  it('is named, the gravest first', () => {
    expect(draftChange(draft, { ...draft, title: '丙', level: 'red' })).toBe('改了等级、标题');
    expect(draftChange(draft, { ...draft, choices: [{ site_id: 's', act: 'drop', reason: 'r' }] })).toBe('改了单独调整的点位');
  });
  it('is the area only when it lies elsewhere', () => {
    const area = (level: string, code: string) => [{ revision: 0, level, regions: [{ code, name: '' }], geometry: null, certain: true }] as unknown as Warning['areas'];
    expect(draftChange({ ...draft, areas: area('orange', '1') }, { ...draft, areas: area('red', '1') })).toBe('内容没有变');
    expect(draftChange({ ...draft, areas: area('orange', '1') }, { ...draft, areas: area('orange', '2') })).toBe('改了区域');
  });
  it('may be nothing', () => expect(draftChange(draft, { ...draft })).toBe('内容没有变'));
});
