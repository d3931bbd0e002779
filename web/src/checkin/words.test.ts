import { describe, expect, it } from 'vitest';
import { datumOf } from './place.ts';
import type { Scanned, State } from './types.ts';
import { asksForCode, clock, headline, unprovenWords, warningHead, ways } from './words.ts';

const scanned = (change: Partial<Scanned>): Scanned => ({ counted: true, outcome: 'counted', words: '已计入', direction: 'in', at: '', fence: 'inside', flags: [],
  people: 1, mustered: false, evacuating: false, site: '', warnings: [], refuse_entry: false, ...change });
const at = (change: Partial<State>): State => ({ site: '', title: '', kind: 'screen', purpose: 'entry', direction: 'both', me: null, proxy: false, inside: null,
  evacuating: false, proven: true, phone_tail: null, warnings: [], refuse_entry: false, ...change });

describe('did it count?', () => {
  it.each([
    [scanned({}), false, '你已进场'],
    [scanned({ direction: 'out' }), false, '你已离场'],
    [scanned({ counted: false, outcome: 'expired' }), false, '没有计入'],
    [scanned({ direction: 'out', mustered: true }), false, '你已到集合点，平安'],
    [scanned({ direction: 'out', mustered: true, people: 7 }), true, '7 人已到集合点'],
    [scanned({ people: 12 }), true, '12 人已进场'],
  ])('%#', (r, proxy, want) => { expect(headline(r, proxy)).toBe(want); });
});

describe('which way', () => {
  it('offers what is likely first', () => {
    expect(ways(at({ inside: true }))).toEqual(['out', 'in']);
    expect(ways(at({ inside: null }))).toEqual(['in', 'out']);
  });
  it('does not ask where the point knows', () => {
    expect(ways(at({ direction: 'in', inside: true }))).toEqual(['in']);
    expect(ways(at({ purpose: 'muster' }))).toEqual(['out']);
  });
});

describe('is it his phone?', () => {
  it('asks once, where a code can be sent, and never during an evacuation', () => {
    expect(asksForCode(at({ proven: false, phone_tail: '01' }))).toBe(true);
    expect(asksForCode(at({ proven: true, phone_tail: '01' }))).toBe(false);
    expect(asksForCode(at({ proven: false }))).toBe(false);
    expect(asksForCode(at({ proven: false, phone_tail: '01', evacuating: true }))).toBe(false);
  });
  it('says what the scan is worth', () => {
    const flags = [{ code: 'unproven', label: '手机未验证' }];
    expect(unprovenWords(scanned({}))).toBe('');
    expect(unprovenWords(scanned({ flags, direction: 'unknown' }))).toContain('可能在场');
    expect(unprovenWords(scanned({ flags, evacuating: true }))).not.toContain('可能');
    expect(unprovenWords(scanned({ flags, counted: false }))).toBe('');
  });
});

it('says that a drill is a drill', () => {
  expect(warningHead({ title: '', level: 'red', measure: 'evacuate', sentence: '', exercise: true })).toBe('【演练】红色 · 撤离');
});

it('shows the time of the site', () => {
  expect(clock('2026-07-10T22:52:18Z')).toBe('06:52:18');
});

it('does not trust the datum of WeChat on Android', () => {
  expect(datumOf('Mozilla/5.0 (Linux; Android 13) MicroMessenger/8.0')).toBe('unknown');
  expect(datumOf('Mozilla/5.0 (iPhone) MicroMessenger/8.0')).toBe('wgs84');
});
