import { describe, expect, it } from 'vitest';
import type { Kept } from './outbox';
import { alerts, allDrill, asKnownHere, calls, order, stepOf, title } from './step';
import type { Thread } from './types';

const thread = (over: Partial<Thread>): Thread => ({
  id: 'r1', warning_id: 'w1', measure: 'evacuate', measure_label: '撤离', level: 'red', state: 'pending', live: true, opened_at: '2026-07-10T13:00:00Z', ...over,
} as Thread);

const kept = (path: string, over: Partial<Kept> = {}): Kept => ({
  id: path, seq: 1, method: 'POST', path, title: '', about: { response: 'r1' }, by: 'u', phoneAt: 0, truth: 'kept', tries: 0, ...over,
});

describe('the one button', () => {
  it.each([
    ['evacuate', 'pending', true, '收到，开始撤离', ['acknowledge', 'move']],
    ['evacuate', 'unanswered', true, '收到，开始撤离', ['acknowledge', 'move']],
    ['evacuate', 'delivered', false, '收到', ['acknowledge']],
    ['evacuate', 'acknowledged', true, '开始转移', ['move']],
    ['evacuate', 'moving', true, '报告人到齐', ['report']],
    ['evacuate', 'reopened', true, '收到，开始撤离', ['acknowledge', 'move']],
    ['evacuate', 'refused', true, '收到，重新核对', ['acknowledge']],
    ['stop', 'read', true, '收到', ['acknowledge']],
    ['stop', 'acknowledged', true, '报告已停工', ['carry-out']],
    ['read', 'pending', true, '知道了', ['acknowledge']],
  ])('%s, %s', (measure, state, onSite, label, acts) => {
    expect(stepOf(thread({ measure, state }), onSite)).toMatchObject({ label, acts });
  });

  it.each([['evacuate', 'reported'], ['evacuate', 'verified'], ['read', 'acknowledged'], ['stop', 'carried_out']])('%s, %s: nothing is asked', (measure, state) => {
    expect(stepOf(thread({ measure, state }), true)).toBeNull();
  });

  it('is not there when the measure is no longer asked for', () => {
    expect(calls(thread({ state: 'unanswered', live: false }))).toBe(false);
  });

  it.each([['《山洪红色预警》·请立即撤离·驻地一·还有 04:59', '《山洪红色预警》'], ['演练·《山洪红色预警》·请立即撤离', '《山洪红色预警》'], ['现场险情·请立即撤离', '']])('%s is about %s', (headline, about) => {
    expect(title({ headline })).toBe(about);
  });

  it('names a measure that the page does not know', () => {
    expect(order({ measure: 'fly', measure_label: '飞' })).toBe('飞');
  });
});

describe('what this phone knows', () => {
  it('stands ahead of the duty room until it was heard there', () => {
    const acted = [kept('/responses/acknowledge'), kept('/responses/move')];
    expect(asKnownHere(thread({}), acted)).toMatchObject({ state: 'moving', ahead: true });
    expect(asKnownHere(thread({}), acted.map((k) => ({ ...k, truth: 'reached' as const })))).toMatchObject({ state: 'pending', ahead: false });
    expect(asKnownHere(thread({}), acted.map((k) => ({ ...k, truth: 'refused' as const })))).toMatchObject({ state: 'pending', ahead: false });
  });

  it('is not touched by what is about another site, or no act', () => {
    expect(asKnownHere(thread({}), [kept('/responses/move', { about: { response: 'r2' } }), kept('/responses/r1/muster/marks')]).ahead).toBe(false);
  });
});

describe('alerts', () => {
  it('put the sites of one warning together, the worst first', () => {
    const list = alerts([
      thread({ id: 'a', warning_id: 'w2', measure: 'stop', level: 'orange' }), thread({ id: 'b' }), thread({ id: 'c', state: 'unanswered' }),
      thread({ id: 'd', state: 'moving' }), thread({ id: 'e', warning_id: undefined, state: 'reopened' }),
    ]);
    expect(list.map((a) => a.threads.map((t) => t.id))).toEqual([['b', 'c'], ['e'], ['a']]);
  });
});

describe('an exercise beside the real thing', () => {
  const drill = thread({ id: 'd', warning_id: 'w2', mode: 'exercise', measure: 'evacuate', level: 'red' });
  const real = thread({ id: 'r', mode: 'actual', measure: 'patrol', level: 'yellow' });
  it('never stands before what is real', () => expect(alerts([drill, real]).map((a) => a.threads[0]!.id)).toEqual(['r', 'd']));
  it('never says of what is real that it is not', () => expect([allDrill([drill, real]), allDrill([drill]), allDrill([])]).toEqual([false, true, false]));
});
