import { describe, expect, it } from 'vitest';
import { rollWords, unfound, whyListed } from './roll';

describe('the roll call', () => {
  it('says what it has, and leaves out what there is none of', () => {
    expect(rollWords({ listed: 96, safe: 92, unaccounted: 2, missing: 2, elsewhere: 0, disputed: 0, back: 0 })).toBe('应到 96 · 已到 92 · 失联 2 · 未清点 2');
    expect(rollWords({ listed: 5, safe: 0, unaccounted: 0, missing: 0, elsewhere: 0, disputed: 0, back: 0 })).toBe('应到 5');
  });
  it('says why somebody stands on the list', () => expect(whyListed({ why: ['bed', 'present'] })).toBe('住宿、打卡在场'));
  it('whoever was found and went back in is looked for again', () => {
    const p = (id: string, state: string, over = {}) => ({ id, state, disputed: false, back: false, ...over });
    const { missing, open } = unfound([p('a', 'missing'), p('b', 'safe', { back: true }), p('c', 'safe'), p('d', 'open'), p('e', 'safe', { disputed: true }), p('f', 'elsewhere')]);
    expect(missing.map((x) => x.id).join('')).toBe('abe');
    expect(open.map((x) => x.id).join('')).toBe('d');
  });
});
