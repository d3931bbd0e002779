import { expect, it } from 'vitest';
import { afterWords } from './plan';

it.each([[0, '立即'], [45, '45 秒'], [360, '6 分'], [90, '1 分 30 秒']])('%d seconds after publishing: %s', (s, words) => expect(afterWords(s)).toBe(words));
