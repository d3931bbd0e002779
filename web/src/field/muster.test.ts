import { describe, expect, it } from 'vitest';
import { expectedNow, marksKept } from './muster';
import type { Kept } from './outbox';
import type { Muster } from './types';

const list = { people: ['a', 'b', 'c'].map((id) => ({ person_id: id, state: 'open' })) } as Muster;
const marks = (truth: Kept['truth'], ...said: [string, string][]): Kept => ({
  id: said.join(), seq: 1, method: 'POST', path: '/responses/r/muster/marks', title: '', about: {}, by: 'u', phoneAt: 0, truth, tries: 0,
  body: { marks: said.map(([person_id, state]) => ({ id: person_id + state, person_id, state })) },
});

describe('the roll call on the phone', () => {
  it('has what was said here on top of the list of the duty room; the last word holds', () => {
    const kept = [marks('sending', ['a', 'safe'], ['b', 'missing']), marks('kept', ['b', 'elsewhere'])];
    expect(expectedNow(list, marksKept(kept, 'r'))).toMatchObject({ listed: 3, safe: 1, missing: 0, open: 1, elsewhere: 1,
      people: [{ state: 'safe', ahead: true }, { state: 'elsewhere', ahead: true }, { state: 'open' }] });
  });

  it('takes what has arrived, and what was refused, from the list only', () => {
    expect(marksKept([marks('reached', ['a', 'safe']), marks('refused', ['b', 'safe'])], 'r')).toEqual([]);
    expect(marksKept([marks('kept', ['a', 'safe'])], 'other')).toEqual([]);
  });

  it('is empty without a list', () => {
    expect(expectedNow(null, [])).toEqual({ listed: 0, safe: 0, missing: 0, open: 0, elsewhere: 0, people: [] });
  });
});
