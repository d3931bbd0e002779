import { describe, expect, it } from 'vitest';
import type { ThreadEvent } from '../api/response';
import { eventBy, eventDetail, heardLate } from './eventWords';

const words: Record<string, string> = { no_answer: '无人接听', section: '合同段负责人', count_wrong: '人数不符', roll_call: '逐人清点', voice: '语音电话' };
const word = (_: string, code: string) => words[code] ?? code;
const event = (over: Partial<ThreadEvent>) => ({ event: 'called', actor: 'leader', person: null, channel: null, words: '', detail: null, ...over }) as ThreadEvent;

describe('an event in words', () => {
  it.each([
    ['a call by hand', { detail: { outcome: 'no_answer' } }, '无人接听'],
    ['a climb', { event: 'climbed', detail: { kind: 'alert', party: 'section', people: 2, round: 1, rung: 1 } }, '叫合同段负责人 · 第 1 轮 · 2 人'],
    ['a refusal with words', { event: 'refused', detail: { reason: 'count_wrong' }, words: '少两人' }, '人数不符 · “少两人”'],
    ['a report', { event: 'reported', detail: { safe: 92, missing: 2, evidence: ['roll_call'] } }, '清点到 92 人 · 未找到 2 人 · 逐人清点'],
    ['nothing to say', { event: 'delivered', detail: { secret: { a: 1 } } }, ''],
  ])('%s', (_, over, said) => expect(eventDetail(event(over), word)).toBe(said));
  it('says who and how; the machine is nobody', () => {
    expect(eventBy(event({ person: '罗建山', channel: 'voice', actor: 'muster' }), word)).toBe('罗建山 · 语音电话');
    expect(eventBy(event({ actor: 'muster' }), word)).toBe('');
    expect(eventBy(event({}), word)).toBe('leader');
  });
  it('a report that came late says so', () => {
    expect(heardLate({ at: '2026-07-18T02:00:00+08:00', recorded_at: '2026-07-18T02:10:00+08:00' })).toBe(600_000);
    expect(heardLate({ at: '2026-07-18T02:00:00+08:00', recorded_at: '2026-07-18T02:00:01+08:00' })).toBe(0);
  });
});
