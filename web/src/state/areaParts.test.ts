import { describe, expect, it } from 'vitest';
import type { Polygon } from 'geojson';
import type { WarningArea } from '../api/types';
import { areaParts } from './areaParts';

const square: Polygon = { type: 'Polygon', coordinates: [[[0, 0], [1, 0], [1, 1], [0, 0]]] };
const area = (over: Partial<WarningArea>): WarningArea => ({
  revision: 1, seq: 1, level: 'red', basis: 'polygon', certain: true, regions: [], geometry: square, said: '', ...over,
});

describe('the areas of a warning, taken apart for editing', () => {
  it('only the latest revision counts', () => {
    expect(areaParts({ level: 'red', areas: [area({}), area({ revision: 2, regions: [{ code: '513221', name: '汶川县' }] })] }))
      .toEqual({ polygons: [], regions: ['513221'], fixed: [] });
  });
  it('each part of a multipolygon can be dragged', () => {
    const geometry = { type: 'MultiPolygon' as const, coordinates: [square.coordinates, square.coordinates] };
    expect(areaParts({ level: 'red', areas: [area({ geometry })] }).polygons).toHaveLength(2);
  });
  it('keeps an area of another level or only possible as it is, with its words', () => {
    const parts = areaParts({ level: 'red', areas: [area({ level: 'yellow', said: '彭州北部' }), area({ certain: false })] });
    expect(parts.fixed.map((f) => [f.label, f.area.level, f.area.certain])).toEqual([['彭州北部', 'yellow', true], ['原区域 1', 'red', false]]);
  });
  it('does not offer thousands of vertices for dragging', () => {
    const ring = Array.from({ length: 5000 }, (_, i) => [i, i]);
    expect(areaParts({ level: 'red', areas: [area({ geometry: { type: 'Polygon', coordinates: [ring] } })] }).fixed).toHaveLength(1);
  });
});
