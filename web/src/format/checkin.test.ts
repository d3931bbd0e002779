import { describe, expect, it } from 'vitest';
import { closeWords, oddWords, pointWords, screenSteps, whereWords } from './checkin';

const gate = { kind: 'screen', purpose: 'entry' };
const wall = { kind: 'printed', purpose: 'muster' };

describe('a check-in point in words', () => {
  it('says how the code is shown, which way, how far', () => {
    expect(pointWords({ ...gate, direction: 'both', radius_m: 1200 })).toBe('屏幕动态码 · 进出都扫 · 1,200 米内');
    expect(pointWords({ ...wall, direction: 'out', radius_m: 200 })).toBe('张贴的码 · 集合点清点 · 200 米内');
  });

  it('says before it is closed who is no longer counted', () => {
    expect(closeWords(gate, { points: [{ purpose: 'entry' }], gates: 0 }).join()).not.toContain('在场人数');
    expect(closeWords(gate, { points: [{ purpose: 'muster' }], gates: 0 })[1]).toContain('只能靠报数和登记');
    expect(closeWords(gate, { points: [], gates: 2 })[1]).toContain('2 台闸机');
    expect(closeWords(wall, { points: [{ purpose: 'entry' }], gates: 1 })[1]).toContain('只能点名');
  });

  it('warns of an address without https', () => {
    expect(screenSteps(true).join()).not.toContain('https');
    expect(screenSteps(false).join()).toContain('不给位置');
  });
});

describe('a scan in words', () => {
  it('says where the phone was, and how sure that is', () => {
    expect(whereWords({ fence: 'inside', distance_m: 40, accuracy_m: 15 })).toBe('范围内，离点位 40 米（误差 15 米）');
    expect(whereWords({ fence: 'outside', distance_m: 2310, accuracy_m: null })).toBe('范围外，离点位 2.3 公里');
    expect(whereWords({ fence: 'unknown', distance_m: null, accuracy_m: null })).toBe('没有位置');
  });

  it('says how late it came', () => {
    const flags = [{ code: 'static', label: '静态码' }, { code: 'late', label: '补传' }];
    expect(oddWords({ flags, at: '2026-07-10T08:00:00Z', received_at: '2026-07-10T11:05:00Z' })).toEqual(['静态码', '补传（晚到 3 小时 5 分）']);
  });
});
