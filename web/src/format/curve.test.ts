import { describe, expect, it } from 'vitest';
import type { Curve } from '../api/registry';
import { band, ceiling, drawCurve, height, instantAt, place, width } from './curve';

const curve = (points: Curve['points']): Curve => ({ from: '2026-07-16T02:00:00+08:00', to: '2026-07-18T02:00:00+08:00', step_s: 600, points, warnings: [] });

describe('the curve of 48 hours', () => {
  it.each([[0, 1], [1, 1], [96, 100], [101, 200], [340, 500]])('%d people fit under %d', (n, high) => expect(ceiling(n)).toBe(high));

  it('goes from edge to edge, the most at the top', () => {
    const d = drawCurve(curve([{ at: '2026-07-16T02:00:00+08:00', certain: 0, possible: 0 }, { at: '2026-07-18T02:00:00+08:00', certain: 100, possible: 0 }]));
    expect(d.line).toBe(`M30 ${height - 18}L${width} 18`);
    expect(d).toMatchObject({ most: 100, last: 100 });
  });

  it('marks the hours by China\'s clock', () => {
    expect(drawCurve(curve([])).hours.map((h) => h.text)).toEqual(['07-16 12:00', '07-17 00:00', '07-17 12:00']);
  });

  it('shows a warning that still runs up to the edge', () => {
    const b = band(curve([]), { from: '2026-07-17T02:00:00+08:00', until: null });
    expect(b.x).toBe(30 + (width - 30) / 2);
    expect(b.x + b.w).toBe(width);
  });

  it('finds the instant of a click, within the picture', () => {
    const c = curve([]);
    expect(instantAt(c, place(c, Date.parse('2026-07-17T05:30:00+08:00')))).toBe('2026-07-16T21:30:00.000Z');
    expect(instantAt(c, 0)).toBe('2026-07-15T18:00:00.000Z');
    expect(instantAt(c, width + 50)).toBe('2026-07-17T18:00:00.000Z');
  });
});
