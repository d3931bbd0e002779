import { computed } from 'vue';
import { describe, expect, it } from 'vitest';
import type { State, Thread } from '../api/response';
import { ThreadStore } from './threadStore';

const now = Date.parse('2026-07-18T02:10:00+08:00');
const row = (id: string, state: State, over: Partial<Thread> = {}) => ({
  id, state, version: 1, since: '2026-07-18T02:00:00+08:00', measure: 'evacuate', live: true, people_missing: null, duty: null, ...over,
}) as Thread;
const ids = (s: ThreadStore) => s.order.value.map((p) => p.id).join(' ');

describe('the rows of a board', () => {
  it('stand worst first, and in one class whoever waits longest', () => {
    const s = new ThreadStore();
    s.merge([row('done', 'verified'), row('new', 'moving', { since: '2026-07-18T02:09:00+08:00' }), row('claim', 'reported'), row('old', 'moving'),
      row('late', 'acknowledged', { duty: { kind: 'act', label: '行动', due_at: '2026-07-18T02:09:59+08:00', overdue: false, next_at: '', next: null } }),
      row('silent', 'unanswered'), row('gone', 'expired_open')], now);
    expect(ids(s)).toBe('silent gone late old new claim done');
    expect(s.order.value.map((p) => p.group)).toEqual(['needs', 'needs', 'needs', 'going', 'going', 'going', 'done']);
  });

  it('of trouble, silence stands above somebody who went back, and that above a report that was sent back', () => {
    const s = new ThreadStore();
    s.merge([row('refused', 'refused'), row('back', 'reopened'), row('silent', 'unanswered', { since: '2026-07-18T02:09:00+08:00' })], now);
    expect(ids(s)).toBe('silent back refused');
  });

  it('of those that need somebody, who must leave stands above who must stop', () => {
    const s = new ThreadStore();
    s.merge([row('stop', 'unanswered', { measure: 'stop', since: '2026-07-18T01:00:00+08:00' }), row('leave', 'unanswered')], now);
    expect(ids(s)).toBe('leave stop');
  });

  it('who is only to know waits behind who is to do something', () => {
    const s = new ThreadStore();
    s.merge([row('know', 'pending', { measure: 'read', since: '2026-07-18T01:00:00+08:00' }), row('do', 'delivered', { measure: 'stop' })], now);
    expect(ids(s)).toBe('do know');
  });

  it('somebody missing needs you, whatever the state says', () => {
    const s = new ThreadStore();
    s.merge([row('a', 'moving'), row('b', 'moving', { people_missing: 2, since: '2026-07-18T02:09:00+08:00' })], now);
    expect(ids(s)).toBe('b a');
  });

  it('do not jump under the hand: the change is shown in place and counted, and the order follows when the hand is off', () => {
    const s = new ThreadStore();
    s.merge([row('a', 'unanswered'), row('b', 'moving')], now);
    s.hold(true, now);
    s.merge([row('a', 'acknowledged', { version: 2 }), row('c', 'unanswered')], now);
    expect(ids(s)).toBe('a b');
    expect(s.rows.get('a')!.state).toBe('acknowledged');
    expect(s.moved.value).toBe(2);
    s.hold(false, now);
    expect(ids(s)).toBe('c a b');
    expect(s.moved.value).toBe(0);
  });

  it('an answer that was overtaken on the way changes nothing', () => {
    const s = new ThreadStore();
    s.merge([row('a', 'verified', { version: 5 })], now);
    s.merge([row('a', 'reported', { version: 4 })], now);
    expect(s.rows.get('a')!.state).toBe('verified');
  });

  it('re-renders only what shows the changed row', () => {
    const s = new ThreadStore();
    s.merge([row('a', 'moving'), row('b', 'moving')], now);
    let runs = 0;
    const shown = computed(() => { runs++; return s.rows.get('b')!.state; });
    expect(shown.value).toBe('moving');
    s.merge([row('a', 'reported', { version: 2 })], now);
    expect(shown.value).toBe('moving');
    expect(runs).toBe(1);
  });

  it('a reading that says nothing new changes nothing', () => {
    const s = new ThreadStore();
    s.merge([row('a', 'moving')], now);
    const [tick, known] = [s.tick.value, s.rows.get('a')];
    s.merge([row('a', 'moving')], now);
    expect(s.tick.value).toBe(tick);
    expect(s.rows.get('a')).toBe(known);
    s.merge([row('a', 'moving', { people_missing: 1 })], now);
    expect(s.tick.value).toBe(tick + 1);
  });

  it('lets go what a whole reading does not have', () => {
    const s = new ThreadStore();
    s.merge([row('a', 'moving'), row('b', 'moving')], now);
    s.keep(new Set(['b']), now);
    expect(ids(s)).toBe('b');
  });
});
