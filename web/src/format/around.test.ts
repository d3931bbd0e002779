import { expect, it } from 'vitest';
import { kmWords, whoWords } from './around';

it.each([[4, '0 米'], [846, '850 米'], [1000, '1.0 公里'], [3312, '3.3 公里']])('%d metres are %s', (m, words) => expect(kmWords(m)).toBe(words));

it.each([[{ certain: 12, possible: 1, expected: 20 }, '12 人'], [{ certain: 0, possible: 3, expected: 6 }, '可能 3 人'], [{ certain: 0, possible: 0, expected: 6 }, '应在 6 人']])(
  'who is just outside is said by what is known best: %o', (p, words) => expect(whoWords(p)).toBe(words));
