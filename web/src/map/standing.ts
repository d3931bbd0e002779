import type { MultiPolygon, Polygon } from 'geojson';
import type { Thread } from '../api/response';
import type { Warning } from '../api/types';
import { stateLook } from '../format/threadState';
import type { Scene } from './scene';
import { warningScene } from './targets';

/** A board on the map: the areas of the warning, and each site by where it stands. */
export function boardScene(w: Warning, rows: Iterable<Thread>, outlines: ReadonlyMap<string, Polygon | MultiPolygon>): Scene {
  return {
    ...warningScene(w, [], outlines),
    targets: [...rows].map((t) => {
      const missing = t.live ? t.people_missing ?? 0 : 0;
      const { mark } = stateLook(t.state);
      return {
        site_id: t.site_id, name: t.site_name, lon: t.lon, lat: t.lat, level: t.level, measure: t.measure, certain: true, people: t.people.certain,
        standing: { mark: missing && mark !== 'silent' ? 'trouble' as const : mark, missing },
      };
    }),
  };
}
