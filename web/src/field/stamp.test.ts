import { describe, expect, it } from 'vitest';
import { stamped, stampedPath } from './stamp';

const at = Date.parse('2026-07-10T13:30:00Z');
const ahead = { ms: -24 * 3600_000, measuredAt: at };

describe('the time on what is sent', () => {
  it('is that of doing, by the server', () => {
    expect(stamped('/responses/move', { ids: ['a'] }, at, { ms: 1000, measuredAt: at })).toEqual({ ids: ['a'], at: '2026-07-10T13:30:01.000Z' });
  });

  it('says where the phone was a day off', () => {
    expect(stamped('/responses/report', { ids: ['a'], words: '到齐' }, at, ahead)).toEqual({
      ids: ['a'], at: '2026-07-09T13:30:00.000Z', words: '到齐（手机时间快 1 天 0 小时，已按服务器时间校正）',
    });
  });

  it('stands on every mark of a roll call', () => {
    expect(stamped('/responses/r/muster/marks', { marks: [{ id: '1' }, { id: '2' }] }, at, null)).toEqual({
      marks: [{ id: '1', at: '2026-07-10T13:30:00.000Z' }, { id: '2', at: '2026-07-10T13:30:00.000Z' }],
    });
  });

  it('stands alone on a position, which has no words', () => {
    expect(stamped('/sites/s/positions', { lon: 104 }, at, ahead)).toEqual({ lon: 104, at: '2026-07-09T13:30:00.000Z' });
  });

  it('is when somebody went on leave', () => {
    expect(stamped('/sites/s/leaves', { person_id: 'p' }, at, null)).toEqual({ person_id: 'p', from: '2026-07-10T13:30:00.000Z' });
  });

  it('goes into the reason of an evacuation, which has no time of its own', () => {
    expect(stamped('/sites/s/evacuation', { reason: '水变浑' }, at, null)).toEqual({ reason: '水变浑（手机上 21:30:00 按下）' });
  });

  it('is said of a photo in its path', () => {
    expect(stampedPath('/responses/r/photos?origin=ab', at, ahead)).toBe('/responses/r/photos?origin=ab&taken_at=2026-07-09T13%3A30%3A00.000Z');
    expect(stampedPath('/responses/r/photos?', at, null)).toBe('/responses/r/photos?taken_at=2026-07-10T13%3A30%3A00.000Z');
    expect(stampedPath('/sites/s/documents?kind=other', undefined, ahead)).toBe('/sites/s/documents?kind=other');
  });
});
