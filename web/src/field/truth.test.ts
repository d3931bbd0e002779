import { describe, expect, it } from 'vitest';
import { truthWords, waitingWords } from './truth';

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
