import { describe, expect, it } from 'vitest';
import type { Kept } from './outbox';
import { notTaken, truthWords, waitingWords } from './truth';

describe('the truths', () => {
  it.each([
    ['kept', '存在手机里，没发出'], ['sending', '正在路上'], ['refused', '值班室没有收下'],
  ] as const)('%s', (truth, words) => {
    expect(truthWords({ truth })).toBe(words);
  });

  it('says arrived only with the time at which it did', () => {
    expect(truthWords({ truth: 'reached', reachedAt: 'Fri, 10 Jul 2026 13:30:05 GMT' })).toBe('21:30:05 到值班室');
  });

  it('adds up what waits', () => {
    expect(waitingWords([], false)).toBe('都已到值班室');
    expect(waitingWords([{ truth: 'kept' }, { truth: 'sending' }], false)).toBe('2 件还没到值班室');
    expect(waitingWords([{ truth: 'sending' }], true)).toBe('1 件正在发');
  });
});

describe('what was not taken', () => {
  const kept = (seq: number, truth: Kept['truth'], response = 'r'): Kept => ({
    id: String(seq), seq, method: 'POST', path: '/responses/report', title: '', about: { response }, by: 'u', phoneAt: 0, truth, tries: 1,
  });

  it('needs the person until the same has arrived', () => {
    expect(notTaken([kept(1, 'refused')]).length).toBe(1);
    expect(notTaken([kept(1, 'refused'), kept(2, 'kept')]).length).toBe(1);
    expect(notTaken([kept(1, 'refused'), kept(2, 'reached', 'other')]).length).toBe(1);
    expect(notTaken([kept(1, 'refused'), kept(2, 'reached')])).toEqual([]);
    expect(notTaken([kept(1, 'reached'), kept(2, 'refused')]).length).toBe(1);
  });
});
