import { describe, expect, it } from 'vitest';
import type { Signed } from '../api/standing';
import { againOf, coverWords, emptyStanding, past, signBody, signedWords, standingMissing } from './standing';

const now = Date.parse('2026-07-10T00:00:00Z');
const signed = {
  id: 's', title: '汛期蓝色暴雨', signer: { user_id: 'u', title: '带班领导' }, hazards: [{ code: 'rain', label: '暴雨' }, { code: 'flash_flood', label: '山洪' }], levels: [{ code: 'blue', label: '蓝色' }],
  sources: ['yaan-met'], max_km2: 20_000, max_sites: 500, delay_minutes: 5, valid_from: '2026-07-01T00:00:00Z', valid_until: '2026-09-30T00:00:00Z', recorded_at: '2026-06-28T00:00:00Z', words: '', revoked: null,
} as unknown as Signed;
const whole = { ...emptyStanding(), title: '汛期', hazards: ['rain'], sources: ['yaan-met'], maxKm2: 100, maxSites: 20, until: '2026-09-30T20:00' };

describe('a standing authorisation', () => {
  it('says in one sentence what goes out by itself', () => {
    expect(coverWords({ hazards: ['暴雨'], levels: ['蓝色'], sources: ['市气象台'], max_km2: 20_000, max_sites: 500, delay_minutes: 5 }))
      .toBe('市气象台发来的暴雨预警，等级为蓝色，区域不超过 20,000 km²、受影响点位不超过 500 个的，草稿等 5 分钟，没有人接手、暂缓或改动，就自动转发。');
    expect(signedWords(signed)).toContain('yaan-met发来的暴雨、山洪预警，等级为蓝色，');
    expect(signedWords(signed, [{ name: 'yaan-met', title: '雅安气象台', heard_at: null }])).toContain('雅安气象台发来的');
  });

  it('keeps what has happened to it', () => {
    expect(past(signed, now).map((p) => p.words)).toEqual(['将到期，不再自动转发', '开始有效', '带班领导签发']);
    const ended = { ...signed, revoked: { at: '2026-07-05T00:00:00Z', by: { user_id: 'v', title: '分管厅长' }, reason: '台风过境' } } as Signed;
    expect(past(ended, now)[0]!.words).toBe('分管厅长撤销：台风过境');
  });

  it('is not signed with a gap in it', () => {
    expect(standingMissing(emptyStanding(), now)).toBe('先写名称');
    expect(standingMissing({ ...whole, delay: 121 }, now)).toContain('120');
    expect(standingMissing({ ...whole, until: '2026-07-01T20:00' }, now)).toContain('晚于');
    expect(standingMissing({ ...whole, until: '2027-08-01T20:00' }, now)).toContain('一年');
    expect(standingMissing(whole, now)).toBe('');
  });

  it('is sent with times that say their zone, and nothing empty', () => {
    expect(signBody(whole)).toEqual({ title: '汛期', hazards: ['rain'], levels: ['blue'], sources: ['yaan-met'], max_km2: 100, max_sites: 20, delay_minutes: 10, valid_until: '2026-09-30T20:00:00+08:00' });
  });

  it('can be signed again with the same limits, but never with the old time', () => {
    expect(againOf(signed)).toMatchObject({ title: '汛期蓝色暴雨', hazards: ['rain', 'flash_flood'], maxSites: 500, until: '' });
  });
});
