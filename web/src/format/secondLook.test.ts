import { expect, it } from 'vitest';
import type { SecondLookState } from '../api/types';
import { lookState } from './secondLook';

const at = (text: string) => Date.parse(`2026-07-18T${text}+08:00`);
const look = (over: Partial<SecondLookState> = {}): SecondLookState => ({
  id: 'l', version: 3, valid: true, by: 'officer', by_label: '第二人复核', state: 'asked', asked_by: { user_id: 'lin', title: '林晓' }, asked_at: '2026-07-18T02:18:00+08:00',
  answered_by: null, answered_at: null, words: '', may_publish_unreviewed_at: '2026-07-18T02:23:00+08:00', ...over,
});

it.each([
  ['nobody was asked', null, 'lin', '02:19:00', 'none'],
  ['the asker waits', look(), 'lin', '02:19:00', 'asked'],
  ['the asker may publish first after five minutes', look(), 'lin', '02:23:00', 'overdue'],
  ['somebody else answers', look(), 'zhou', '02:23:00', 'mine'],
  ['it was agreed to', look({ state: 'approved' }), 'lin', '02:19:00', 'approved'],
  ['it was refused', look({ state: 'refused' }), 'lin', '02:19:00', 'refused'],
  ['the draft was changed since', look({ state: 'approved', valid: false }), 'lin', '02:19:00', 'stale'],
] as const)('%s', (_, l, me, now, stands) => expect(lookState(l, me, at(now))).toBe(stands));
