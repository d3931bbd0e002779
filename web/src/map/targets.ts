import type { MultiPolygon, Polygon } from 'geojson';
import type { LiveTarget, Target, Warning, WarningArea } from '../api/types';
import type { Scene, SceneArea, SceneTarget } from './scene';

export function sceneTarget(t: Target | LiveTarget, released = false): SceneTarget {
  return {
    site_id: t.site_id, name: t.name, lon: t.lon, lat: t.lat, level: t.level, measure: t.measure,
    certain: t.match.certain, people: t.people.certain, released,
  };
}

type Outline = Polygon | MultiPolygon;

/**
 * A warning on the map: the areas of its latest revision and its targets. An
 * area named by regions alone is drawn by their outlines; a township has none
 * of its own and is drawn as possible within its county's.
 */
export function warningScene(w: Warning, targets: (Target | LiveTarget)[], outlines: ReadonlyMap<string, Outline>): Scene {
  const last = Math.max(...w.areas.map((a) => a.revision));
  return {
    key: `${w.id}/${w.revision}`,
    areas: w.areas.filter((a) => a.revision === last).flatMap((a) => areasOf(a, outlines)),
    targets: targets.map((t) => sceneTarget(t)),
  };
}

function areasOf(a: WarningArea, outlines: ReadonlyMap<string, Outline>): SceneArea[] {
  if (a.geometry) return [{ geometry: a.geometry, level: a.level, certain: a.certain }];
  return a.regions.flatMap(({ code }) => {
    const own = outlines.get(code);
    const geometry = own ?? outlines.get(`${code.slice(0, 6)}000000`);
    return geometry ? [{ geometry, level: a.level, certain: a.certain && own !== undefined }] : [];
  });
}
