import type { Polygon } from 'geojson';
import type { Choice } from '../api/types';
import type { Shape } from '../map/draw';
import { circlePolygon } from '../map/shape';
import type { FixedArea, Relay } from './editor';

/** What is drawn and written and not yet stored by the server. It survives an ended session and a closed window. */
export interface Kept {
  at: number;
  form: Record<string, string>;
  polygons: Polygon[];
  circles: Polygon[];
  regions: string[];
  fixed: FixedArea[];
  choices: Choice[];
  relay?: Relay | null;
  /** The version of the draft that this rests on. */
  version?: number;
}

/** Older than this it belongs to another night. */
const oldest = 24 * 3_600_000;
const name = (login: string, id: string | undefined) => `muster.drawing.${login}.${id ?? 'new'}`;

type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Where one account's unfinished drawing for one warning lies on this computer. A full or forbidden shelf loses nothing but the copy. */
export function keeper(shelf: Shelf, login: string, id: string | undefined) {
  const key = name(login, id);
  return {
    put(kept: Kept): void {
      try {
        shelf.setItem(key, JSON.stringify(kept));
      } catch { /* the drawing itself is still on the screen */ }
    },
    take(now: number): Kept | null {
      try {
        const kept = JSON.parse(shelf.getItem(key) ?? 'null') as Kept | null;
        return kept && Array.isArray(kept.polygons) && now - kept.at < oldest ? kept : null;
      } catch {
        return null;
      }
    },
    forget(): void {
      try {
        shelf.removeItem(key);
      } catch { /* it grows old by itself */ }
    },
  };
}

/** The drawn shapes as they are put on the map again. */
export function drawnOf(shapes: Shape[]): Pick<Kept, 'polygons' | 'circles'> {
  const polygons = shapes.flatMap((s) => (s.area.geometry?.type === 'Polygon' ? [s.area.geometry] : []));
  return { polygons, circles: shapes.flatMap(({ area: { circle: c } }) => (c ? [circlePolygon(c.lon, c.lat, c.radius_m)] : [])) };
}
