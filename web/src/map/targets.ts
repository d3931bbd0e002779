import type { LiveTarget, Target, Warning } from '../api/types';
import type { Scene, SceneTarget } from './scene';

export function sceneTarget(t: Target | LiveTarget, released = false): SceneTarget {
  return {
    site_id: t.site_id, name: t.name, lon: t.lon, lat: t.lat, level: t.level, measure: t.measure,
    certain: t.match.certain, people: t.people.certain, released,
  };
}

/** A warning on the map: the areas of its latest revision and its targets. */
export function warningScene(w: Warning, targets: (Target | LiveTarget)[]): Scene {
  const last = Math.max(...w.areas.map((a) => a.revision));
  return {
    key: `${w.id}/${w.revision}`,
    areas: w.areas.filter((a) => a.revision === last && a.geometry)
      .map((a) => ({ geometry: a.geometry!, level: a.level, certain: a.certain })),
    targets: targets.map((t) => sceneTarget(t)),
  };
}
