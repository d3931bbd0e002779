import { describe, expect, it } from 'vitest';
import { inSight, offsets, scrollTo } from './windowing';

const tops = offsets(Array.from({ length: 2000 }, (_, i) => (i < 10 ? 42 : 28)));

describe('a list of 2,000 lines', () => {
  it('draws only what is in sight and a little more', () => {
    const { from, to } = inSight(tops, 20_000, 560, 200);
    expect(tops[from]!).toBeLessThanOrEqual(19_800);
    expect(tops[to]!).toBeGreaterThanOrEqual(20_760);
    expect(to - from).toBeLessThan(40);
  });
  it('begins and ends with the list', () => {
    expect(inSight(tops, 0, 560).from).toBe(0);
    expect(inSight(tops, tops.at(-1)! - 560, 560).to).toBe(2000);
    expect(inSight(offsets([]), 0, 560)).toEqual({ from: 0, to: 0 });
  });
  it('scrolls no further than is needed to see a line', () => {
    expect(scrollTo(tops, 3, 0, 560)).toBe(0);
    expect(scrollTo(tops, 3, 1000, 560)).toBe(126);
    expect(scrollTo(tops, 100, 0, 560)).toBe(420 + 91 * 28 - 560);
  });
});
