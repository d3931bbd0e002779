import { describe, expect, it } from 'vitest';
import { corrected, measure, skewInWords } from './clock';

const date = 'Fri, 10 Jul 2026 13:30:00 GMT';
const server = Date.parse(date) + 500;
const day = 24 * 3600_000;

describe('the clock of the phone', () => {
  it.each([
    ['right', 0, ''],
    ['a day ahead', day, '手机时间快 1 天 0 小时'],
    ['a day behind', -day, '手机时间慢 1 天 0 小时'],
    ['three minutes ahead', 180_000, '手机时间快 3 分'],
    ['90 minutes behind', -5_400_000, '手机时间慢 1 小时 30 分'],
    ['a minute ahead', 60_000, ''],
  ])('%s: acts are told by the right time, and what is far off is said', (_, ahead, words) => {
    const phone = server + ahead;
    const offset = measure(date, phone - 100, phone + 100);
    expect(skewInWords(offset)).toBe(words);
    expect(corrected(phone - 60_000, offset)).toBe(new Date(server - 60_000).toISOString());
  });

  it('takes nothing from an answer without a date, or that was long on its way', () => {
    expect(measure(null, 0, 100)).toBeNull();
    expect(measure('soon', 0, 100)).toBeNull();
    expect(measure(date, server - 60_000, server)).toBeNull();
  });

  it('without a measure leaves the time as it is', () => {
    expect(corrected(server, null)).toBe(new Date(server).toISOString());
    expect(skewInWords(null)).toBe('');
  });
});
