import { expect, it } from 'vitest';
import { lacking } from './proof';

const e = (code: string) => ({ code, label: code });
const orange = [[e('scan'), e('photo')], [e('roll')]];

it.each([
  ['nothing', [], '还要：roll'], ['the roll call alone', ['roll'], '还要一样：scan或photo'], ['both', ['roll', 'photo'], ''],
] as const)('a report proved with %s', (_, have, words) => expect(lacking(orange, [...have])).toBe(words));
it('an older server asks for nothing beforehand', () => expect(lacking(undefined, [])).toBe(''));
