import { describe, expect, it } from 'vitest';
import type { Duty, Thread } from '../api/response';
import { askedWords, dutyWords, nextWords, stepWords, timer } from './countdown';
import { stages, stateLook, states } from './threadState';

const now = Date.parse('2026-07-18T02:00:00+08:00');
const duty = (over: Partial<Duty> = {}): Duty => ({
  kind: 'acknowledge', label: '签收', due_at: '2026-07-18T02:05:00+08:00', overdue: false, next_at: '2026-07-18T02:00:38+08:00',
  next: { party: 'section', party_label: '合同段负责人', channels: ['voice', 'sms'], at: '2026-07-18T02:00:38+08:00' }, ...over,
});
const channel = (code: string) => ({ voice: '语音电话', sms: '短信' }[code] ?? code);

describe('a clock in words', () => {
  it.each([[0, '00:00'], [299_999, '04:59'], [3_723_000, '1:02:03'], [-5000, '00:00']])('%i ms is %s', (ms, text) => expect(timer(ms)).toBe(text));
  it('says what is due, and by how much it is late', () => {
    expect(dutyWords(duty(), now)).toBe('签收还有 05:00');
    expect(dutyWords(duty(), now + 430_000)).toBe('签收已超 02:10');
  });
  it('says who is called next, by what, when', () => {
    expect(nextWords(duty(), now, channel)).toBe('00:38 后 → 合同段负责人 · 语音电话、短信');
    expect(nextWords(duty(), now + 60_000, channel)).toBe('正在 → 合同段负责人 · 语音电话、短信');
  });
  it('says that nobody is left', () => {
    expect(nextWords(duty({ next: null }), now, channel)).toBe('到时没有下一级可叫');
    expect(nextWords(duty({ next: null }), now + 600_000, channel)).toBe('已经叫到头，没有下一级');
    expect(nextWords(null, now, channel)).toBe('');
  });
});

describe('what a row says of its clock', () => {
  it('while nobody answers: who is called next', () => expect(stepWords({ state: 'delivered', duty: duty() }, now, channel).main).toContain('→ 合同段负责人'));
  it('afterwards: what is due', () => expect(stepWords({ state: 'acknowledged', duty: duty({ next: null }) }, now + 430_000, channel)).toEqual({ main: '签收已超 02:10', sub: '', late: true }));
  it('no clock, no words', () => expect(stepWords({ state: 'verified', duty: null }, now, channel)).toEqual({ main: '', sub: '', late: false }));
});

describe('how far asking has come', () => {
  it.each([
    [{ people: 0, told: 0, answered: 0, failed: 0 }, '没有人可叫'], [{ people: 2, told: 0, answered: 0, failed: 2 }, '叫 2 人，都不通'],
    [{ people: 3, told: 2, answered: 1, failed: 1 }, '叫 3 人 · 发出 2 · 应答 1 · 不通 1'],
  ])('%j is %s', (a, text) => expect(askedWords(a)).toBe(text));
});

const thread = (over: Partial<Thread>) => ({
  measure: 'evacuate', state: 'pending', asked: { people: 2, told: 0, answered: 0, failed: 0 }, acknowledged_at: null, acted_at: null, reported_at: null,
  confirmed_at: null, verified_at: null, ...over,
}) as Thread;
const bars = (t: Thread) => stages(t).map((s) => s.standing[0]).join('');
const at = '2026-07-18T02:01:00+08:00';

describe('the five bars', () => {
  it('the first that is not done is the present one; what was handed over is not delivered', () => {
    expect(bars(thread({}))).toBe('noooo');
    expect(bars(thread({ asked: { people: 2, told: 2, answered: 0, failed: 0 } }))).toBe('noooo');
    expect(bars(thread({ state: 'delivered' }))).toBe('dnooo');
    expect(bars(thread({ state: 'moving', acknowledged_at: at, acted_at: at }))).toBe('dddno');
    expect(bars(thread({ state: 'verified', acknowledged_at: at, acted_at: at, reported_at: at, verified_at: at }))).toBe('ddddd');
  });
  it('a report that was sent back is not counted as done', () => {
    expect(bars(thread({ state: 'refused', acknowledged_at: at, acted_at: at, reported_at: at }))).toBe('dddno');
  });
  it('are named after the measure', () => {
    expect(stages(thread({ measure: 'stop' })).map((s) => s.label)).toEqual(['送达', '签收', '落实', '确认', '核实']);
  });
});

describe('a state', () => {
  it('has its own fixed word', () => expect(new Set(states.map((s) => stateLook(s).label)).size).toBe(states.length));
  it('that the page does not know keeps its word', () => expect(stateLook('new', '新状态').label).toBe('新状态'));
});
