import { describe, expect, it } from 'vitest';
import { proofPath } from './photo';

describe('where a photo goes', () => {
  it('says what the phone knows: the picture before it was made smaller, and the place by its datum', () => {
    const path = proofPath('r1', { origin: 'ab' }, { lon: 102.1234567, lat: 29.3, accuracy: 11.2, datum: 'unknown' });
    expect(path).toBe('/responses/r1/photos?origin=ab&lon=102.123457&lat=29.300000&accuracy=12&datum=unknown');
  });

  it('says nothing that the phone does not know', () => {
    expect(proofPath('r1', { origin: '' }, null)).toBe('/responses/r1/photos?');
  });
});
