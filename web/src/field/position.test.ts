import { describe, expect, it } from 'vitest';
import { exactness, placeWords, whyNot } from './position';

describe('where a phone is', () => {
  it('is read out with what is known of it', () => {
    expect(placeWords({ lon: 104.063124, lat: 28.7715 })).toBe('104.06312°E 28.77150°N');
    expect(exactness({ accuracy: 18, datum: 'wgs84' })).toBe('误差约 18 米，WGS 84');
    expect(exactness({ accuracy: 2400, datum: 'wgs84' })).toBe('误差约 2.4 公里，WGS 84');
    expect(exactness({ accuracy: 30, datum: 'unknown' })).toContain('没有说明坐标系');
  });

  it('is not said for reasons that can be mended', () => {
    expect(whyNot(1, true)).toContain('允许');
    expect(whyNot(3, true)).toContain('甲板');
    expect(whyNot(1, false)).toContain('https');
  });
});
