import { expect, it } from 'vitest';
import { eveningOf } from './evening';

it.each([
  ['in the evening', '2026-07-10T21:30:00+08:00', '2026-07-10'],
  ['after midnight', '2026-07-11T01:39:00+08:00', '2026-07-10'],
  ['before noon', '2026-07-11T11:59:00+08:00', '2026-07-10'],
  ['at noon', '2026-07-11T12:00:00+08:00', '2026-07-11'],
])('%s the count is that of the evening of', (_, now, day) => {
  expect(eveningOf(Date.parse(now))).toBe(day);
});
