import { expect, it } from 'vitest';
import { bytesOf, sourceWords } from './pasted';

it('counts Chinese as the three bytes that are sent', () => {
  expect(bytesOf('暴雨 IV')).toBe(9);
});

it('says how it came and from whom, never longer than is kept', () => {
  expect(sourceWords('传真', ' 市气象台 ')).toBe('传真 · 市气象台');
  expect(sourceWords('微信', '')).toBe('微信');
  expect(sourceWords('OA', 'x'.repeat(400))).toHaveLength(200);
});
