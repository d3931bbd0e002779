// Drawing helpers under /api/v1: reading shapes as people paste them, what lies
// around a line, and joining or subtracting areas. WGS 84 comes back.
import type { Geometry, LineString, MultiPolygon, Point, Polygon } from 'geojson';
import type { Views } from './at';
import { request } from './client';
import type { paths } from './schema';

type Area = Polygon | MultiPolygon;
type Mended = { geometry: Area | null; km2: number; vertices: number; repaired: boolean };

/** What was read from a text or a file; with `datum_needed` the shapes stand as if it were WGS 84. */
export interface ReadShapes {
  format: string;
  datum: string;
  datum_needed: boolean;
  swapped: boolean;
  areas: { name: string; geometry: Area; km2: number; repaired: boolean; difference_km2: number; defects: { text: string; lon: number; lat: number }[] }[];
  lines: { name: string; geometry: LineString; length_m: number }[];
  points: { name: string; geometry: Point }[];
  notes: { where: string; text: string; mend: string }[];
}

export type Datum = NonNullable<Views['ReadAreasRequestBody']['datum']>;
const post = <T>(path: keyof paths, body: unknown, signal?: AbortSignal) => request<T>('POST', path, { body, signal });

export const areas = {
  read: (body: Views['ReadAreasRequestBody']) => post<ReadShapes>('/areas/read', body),
  buffer: (geometry: Geometry, radius_m: number) => post<Mended>('/areas/buffer', { geometry, radius_m }),
  subtract: (a: Geometry, b: Geometry) => post<Mended>('/areas/combine', { op: 'subtract', a: { geometry: a }, b: { geometry: b } }),
};
