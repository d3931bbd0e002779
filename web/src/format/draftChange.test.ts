import { describe, expect, it } from 'vitest';
import type { Warning } from '../api/types';
import { draftChange } from './draftChange';

const draft = { level: 'orange', hazard: 'rain', title: '甲', basis: '乙', note: '', expires: '2026-07-18T08:00:00+08:00', areas: [], choices: [] } as unknown as Warning;

describe('what another officer changed', () => {
  it('is named, the gravest first', () => {
    expect(draftChange(draft, { ...draft, title: '丙', level: 'red' })).toBe('改了等级、标题');
    expect(draftChange(draft, { ...draft, choices: [{ site_id: 's', act: 'drop', reason: 'r' }] })).toBe('改了单独调整的点位');
  });
  it('may be nothing', () => expect(draftChange(draft, { ...draft })).toBe('内容没有变'));
});
