import { expect, it } from 'vitest';
import { kmWords } from './around';

it.each([[4, '0 米'], [846, '850 米'], [1000, '1.0 公里'], [3312, '3.3 公里']])('%d metres are %s', (m, words) => expect(kmWords(m)).toBe(words));
