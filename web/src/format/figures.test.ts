import { describe, expect, it } from 'vitest';
import { byMinute, callsWords, figureWords, reasonWords } from './figures';

describe('the figures of a report', () => {
  it('median, nine of ten, slowest', () => expect(figureWords({ median_s: 130, p90_s: 240, worst_s: 4351 })).toBe('02:10 / 04:00 / 1:12:31'));
  it('the time line has one row a minute', () => {
    const row = (at: string, label: string, channel: string | null, sites: number) => ({ at, event: label, label, channel, sites });
    expect(byMinute([row('1', '签收', 'sms', 7), row('1', '签收', 'voice', 6), row('1', '自动叫应', null, 2), row('2', '核实', null, 1)], (c) => c))
      .toEqual([{ at: '1', text: '签收 13（sms 7，voice 6） · 自动叫应 2' }, { at: '2', text: '核实 1' }]);
  });
  it('a carrier\'s code is said in words, its own words stay', () => expect([reasonWords('no_answer'), reasonWords('号码格式错误')]).toEqual(['无人接听', '号码格式错误']));
  it('calls per person', () => expect(callsWords([{ calls: 0, people: 40 }, { calls: 3, people: 2 }])).toBe('没有打电话 40 人，打 3 次 2 人'));
});
