import { afterEach, describe, expect, it } from 'vitest';
import { states, stateLook } from '../format/threadState';
import { en } from './en';
import { language, speak, t } from './t';
import { zh } from './zh';

describe('the words of the desk', () => {
  afterEach(() => speak('zh'));

  it('are Chinese first', () => {
    expect(language.value).toBe('zh');
    expect(t('state.unanswered')).toBe('无应答');
  });

  it('are English when asked for, the states of a board too', () => {
    speak('en');
    expect(t('nav.inbox')).toBe('Inbox');
    expect(stateLook('unanswered').label).toBe('No answer');
  });

  it('leave no word empty and no Chinese in the English', () => {
    for (const [word, text] of Object.entries(en)) expect(text, word).toMatch(/^[\x20-\x7e]+$/);
    expect(Object.keys(en)).toEqual(Object.keys(zh));
  });

  it('name every state of the board', () => {
    for (const s of states) expect(zh).toHaveProperty([`state.${s}`]);
  });
});
