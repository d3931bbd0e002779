import { expect, it } from 'vitest';
import type { ReadShapes } from '../api/areas';
import { base64, readWords } from './shapes';

const nothing: ReadShapes = { format: 'coords', datum: 'wgs84', datum_needed: true, swapped: false, areas: [], lines: [], points: [], notes: [] };
const area = (km2: number) => ({ name: '', geometry: { type: 'Polygon' as const, coordinates: [] }, km2, repaired: false, difference_km2: 0, defects: [] });

it('says what was read', () => {
  expect(readWords({ ...nothing, areas: [area(36.2), area(1)], swapped: true })).toBe('2 块区域，共 37 km²；纬度写在了前面，已调换');
  expect(readWords({ ...nothing, lines: [{ name: '', geometry: { type: 'LineString', coordinates: [] }, length_m: 4210 }] })).toBe('1 条线 4.21 km');
});

it('carries the bytes of a file, also a long one', () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i % 256);
  expect(atob(base64(bytes))).toHaveLength(100_000);
  expect(base64(new Uint8Array([0xe6, 0x9a, 0xb4]))).toBe('5pq0');
});
