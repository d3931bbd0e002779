import { expect, it } from 'vitest';
import { openNames, unreadWords } from './unread';

const name = (name: string, answer: '' | 'drawn' | 'not_meant') => ({ name, answer, answer_label: '', reason: '', by: '', at: null });

it('tells the names that nobody has answered for, in the order of the text', () => {
  const names = { items: [name('汉元县', ''), name('荥京县', 'drawn'), name('美罗镇', '')], open: 2, redrawn: true };
  expect(unreadWords(openNames({ names }))).toBe('2 个地名未能识别：汉元县、美罗镇');
});

it('says nothing when all are answered, or there were none', () => {
  expect(unreadWords(openNames({ names: { items: [name('汉元县', 'not_meant')], open: 0, redrawn: false } }))).toBe('');
  expect(unreadWords(openNames({}))).toBe('');
});
