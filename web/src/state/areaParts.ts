import type { Polygon } from 'geojson';
import type { Warning, WarningArea } from '../api/types';
import { polygonsOf } from '../map/shape';
import { editableVertices, type FixedArea } from './editor';

export interface AreaParts { polygons: Polygon[]; regions: string[]; fixed: FixedArea[] }

/**
 * The areas of a warning's latest revision, sorted by how they can be edited:
 * regions go back to the list, small certain polygons to the drawing tools,
 * the rest is kept as it is.
 */
export function areaParts(w: Pick<Warning, 'areas' | 'level'>): AreaParts {
  const last = Math.max(0, ...w.areas.map((a) => a.revision));
  const parts: AreaParts = { polygons: [], regions: [], fixed: [] };
  for (const area of w.areas.filter((a) => a.revision === last)) place(area, w.level, parts);
  return parts;
}

function place(a: WarningArea, level: string, parts: AreaParts): void {
  const plain = a.certain && (a.level === level || a.level === 'unknown');
  if (a.regions.length && plain) {
    parts.regions.push(...a.regions.map((r) => r.code));
    return;
  }
  const polygons = polygonsOf(a.geometry);
  const vertices = polygons.reduce((n, p) => n + p.coordinates.flat().length, 0);
  if (plain && polygons.length && vertices <= editableVertices) {
    parts.polygons.push(...polygons);
    return;
  }
  const shape = a.regions.length ? { regions: a.regions.map((r) => r.code) } : a.geometry ? { geometry: a.geometry } : null;
  if (!shape) return;
  const label = a.said || a.regions.map((r) => r.name).join('、') || `原区域 ${a.seq}`;
  parts.fixed.push({ label, area: { ...shape, level: a.level, certain: a.certain } });
}
