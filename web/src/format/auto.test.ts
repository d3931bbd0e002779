import { describe, expect, it } from 'vitest';
import type { Auto } from '../api/types';
import { basisWords, byClock, counting, leftWords, share, whenWords, whyWords } from './auto';

const now = Date.parse('2026-07-18T02:14:36+08:00');
const auto = (over: Partial<Auto> = {}): Auto => ({
  state: 'waiting', at: '2026-07-18T02:19:22+08:00', authorisation: { id: 'a', title: '汛期转发', version: 3 }, signer: { user_id: 'u', title: '雅安局带班领导' }, why: [], ...over,
});

describe('what goes out by itself', () => {
  it('says how long, when by the clock, and on whose authority', () => {
    expect(leftWords(auto(), now)).toBe('04:46');
    expect(whenWords(auto(), now)).toBe('02:19:22 发出');
    expect(basisWords(auto())).toBe('依据常设授权“汛期转发”第 3 版，雅安局带班领导签发');
  });

  it('never counts below nothing', () => {
    const due = Date.parse('2026-07-18T02:20:00+08:00');
    expect(leftWords(auto(), due)).toBe('00:00');
    expect(whenWords(auto(), due)).toBe('到点，正在发出');
    expect(share(auto(), '2026-07-18T02:09:22+08:00', due)).toBe(0);
  });

  it('shows the part of the time that is left', () => {
    expect(share(auto(), '2026-07-18T02:09:22+08:00', Date.parse('2026-07-18T02:14:22+08:00'))).toBe(0.5);
  });

  it('counts only while nobody has stopped it', () => {
    expect(counting(auto())).toBe(true);
    for (const state of ['on_hold', 'stopped', 'none', 'published'] as const) expect(counting(auto({ state }))).toBe(false);
    expect(counting(null)).toBe(false);
  });

  it('gives the reasons as one line', () => {
    expect(whyWords(auto({ state: 'none', why: [{ code: 'level', text: '红色不在授权之内。' }, { code: 'area', text: '面积超过上限。' }] }))).toBe('红色不在授权之内；面积超过上限');
  });

  it('puts the next one on top', () => {
    const rows = [{ auto: auto({ at: '2026-07-18T03:00:00+08:00' }) }, { auto: auto() }].sort(byClock);
    expect(rows[0]!.auto.at).toBe('2026-07-18T02:19:22+08:00');
  });
});
