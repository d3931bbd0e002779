import { describe, expect, it } from 'vitest';
import { boxOf, circleOf, circlePolygon, distance, hasArea, labelPoint, rounded, selfCrossings } from './shape';

describe('shapes', () => {
  it('measures a degree of latitude', () => expect(distance([103, 31], [103, 32])).toBeCloseTo(111_195, -1));
  it('makes a circle and finds it again', () => {
    const c = circleOf(circlePolygon(103.5, 31.2, 5000));
    expect(c.lon).toBeCloseTo(103.5, 4);
    expect(c.lat).toBeCloseTo(31.2, 4);
    expect(Math.abs(c.radius_m - 5000)).toBeLessThan(10);
  });
  it.each([
    ['a point', [[103, 31], [103, 31], [103, 31], [103, 31]], false],
    ['a line there and back', [[103, 31], [104, 32], [104, 32], [103, 31]], false],
    ['three corners on one line', [[103, 31], [104, 32], [105, 33], [103, 31]], false],
    ['a triangle', [[103, 31], [103, 31.01], [103.01, 31], [103, 31]], true],
  ])('%s encloses what it should', (_, ring, expected) => expect(hasArea({ type: 'Polygon', coordinates: [ring] })).toBe(expected));
  it('finds where an edge crosses itself, and nothing in a simple ring', () => {
    expect(selfCrossings([[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]])).toEqual([[1, 1]]);
    expect(selfCrossings([[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]])).toEqual([]);
    expect(selfCrossings([[0, 0], [4, 0], [4, 4], [2, 1], [0, 4], [0, 0]])).toEqual([]);
  });
  it('keeps corners to a tenth of a metre', () => {
    expect(rounded({ type: 'Polygon', coordinates: [[[102.12345678, 29.87654321]]] }).coordinates).toEqual([[[102.123457, 29.876543]]]);
  });
  it('boxes everything, and nothing', () => {
    expect(boxOf([{ type: 'Point', coordinates: [1, 2] }, { type: 'LineString', coordinates: [[0, 5], [3, 4]] }])).toEqual([0, 2, 3, 5]);
    expect(boxOf([])).toBeNull();
  });
  it('writes a name inside its region, also in a crescent', () => {
    const u = { type: 'Polygon' as const, coordinates: [[[0, 0], [10, 0], [10, 10], [7, 10], [7, 1], [2, 1], [2, 10], [0, 10], [0, 0]]] };
    const [x] = labelPoint(u);
    expect(x).toBeGreaterThan(7);
    expect(x).toBeLessThan(10);
  });
});
