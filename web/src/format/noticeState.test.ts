import { describe, expect, it } from 'vitest';
import { noticeAt, noticeStates } from './noticeState';

const times = { sent_at: '1', delivered_at: '2', read_at: '3', answered_at: '4' };

describe('the state of a notice', () => {
  it.each([['sent', '1'], ['delivered', '2'], ['read', '3'], ['answered', '4'], ['failed', null], ['queued', null]])('%s has its own time, never another state\'s', (state, at) => {
    expect(noticeAt({ state, ...times })).toBe(at);
  });
  it('each is counted by itself', () => {
    const of = (label: string) => ({ state: label, state_label: label });
    expect(noticeStates([of('已送达'), of('已阅'), of('已送达')])).toBe('已送达 2 · 已阅 1');
  });
});
