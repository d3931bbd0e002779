import { describe, expect, it } from 'vitest';
import { hushAfter, rings, type Hush } from './bell';

/** The bell over a night: a number is how many sites are silent, a word hushes with that reason. */
function night(...story: (number | string)[]): string {
  let hush: Hush | null = null;
  let silent = 0;
  return story.flatMap((step) => {
    if (typeof step === 'string') hush = { sites: silent, reason: step };
    else hush = hushAfter(hush, (silent = step));
    return rings(silent, hush) ? ['♪'] : ['·'];
  }).join('');
}

describe('the bell', () => {
  it('rings while somebody is silent, until all have answered', () => expect(night(0, 1, 3, 1, 0)).toBe('·♪♪♪·'));
  it('is quiet for what a reason was named for, and rings for one more', () => expect(night(2, '派人去了', 2, 3)).toBe('♪··♪'));
  it('a site that answers does not leave room for another to be silent unheard', () => expect(night(2, '派人去了', 1, 2)).toBe('♪··♪'));
  it('forgets the reason when all have answered', () => expect(night(1, '在打', 0, 1)).toBe('♪··♪'));
});
