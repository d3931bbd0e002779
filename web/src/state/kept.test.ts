import { describe, expect, it } from 'vitest';
import type { Shape } from '../map/draw';
import { drawnOf, keeper, type Kept } from './kept';

function shelf() {
  const on = new Map<string, string>();
  return { on, getItem: (k: string) => on.get(k) ?? null, setItem: (k: string, v: string) => void on.set(k, v), removeItem: (k: string) => void on.delete(k) };
}
const kept: Kept = { at: 1000, form: { title: '山洪' }, polygons: [], circles: [], regions: ['511824'], fixed: [], choices: [] };

describe('an unfinished drawing', () => {
  it('is there again after signing in anew, for the same account and warning', () => {
    const s = shelf();
    keeper(s, 'zhou', undefined).put(kept);
    expect(keeper(s, 'zhou', undefined).take(2000)).toEqual(kept);
    expect(keeper(s, 'lin', undefined).take(2000)).toBeNull();
    expect(keeper(s, 'zhou', 'w1').take(2000)).toBeNull();
  });

  it('belongs to one night, and goes with the draft', () => {
    const s = shelf();
    const mine = keeper(s, 'zhou', 'w1');
    mine.put(kept);
    expect(mine.take(1000 + 24 * 3_600_000)).toBeNull();
    mine.forget();
    expect(mine.take(1001)).toBeNull();
  });

  it('is left alone when what lies there cannot be read, or nothing can be put there', () => {
    const s = shelf();
    s.on.set('muster.drawing.zhou.new', '{broken');
    expect(keeper(s, 'zhou', undefined).take(1)).toBeNull();
    const full = { ...s, setItem() { throw new Error('full'); } };
    expect(() => keeper(full, 'zhou', undefined).put(kept)).not.toThrow();
  });

  it('keeps circles as circles', () => {
    const shapes = [{ id: '1', kind: 'circle', vertices: 96, crossings: [], area: { circle: { lon: 102.5, lat: 29.5, radius_m: 3000 } } }] as Shape[];
    const { polygons, circles } = drawnOf(shapes);
    expect(polygons).toEqual([]);
    expect(circles[0]!.coordinates[0]).toHaveLength(97);
  });
});
