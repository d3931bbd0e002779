import { describe, expect, it } from 'vitest';
import { callsWords, figureWords } from './figures';

describe('the figures of a report', () => {
  it('median, nine of ten, slowest', () => expect(figureWords({ median_s: 130, p90_s: 240, worst_s: 4351 })).toBe('02:10 / 04:00 / 1:12:31'));
  it('calls per person', () => expect(callsWords([{ calls: 0, people: 40 }, { calls: 3, people: 2 }])).toBe('没有打电话 40 人，打 3 次 2 人'));
});
