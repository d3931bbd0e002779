import type { Feature, FeatureCollection } from 'geojson';
import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl';
import { markScale, measureLook } from '../format/measure';
import { markName, standingName } from './marks';
import type { Scene, SceneTarget } from './scene';

const collection = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features });

export function setData(map: MapLibre, source: string, data: FeatureCollection): void {
  map.getSource<GeoJSONSource>(source)?.setData(data);
}

/** Rings one site; nothing is ringed while its place is unknown. */
export function ring(map: MapLibre, place: [number, number] | null): void {
  setData(map, 'ringed', collection(place ? [{ type: 'Feature', geometry: { type: 'Point', coordinates: place }, properties: {} }] : []));
}

const weights = { silent: 4, trouble: 3, half: 2, told: 1, tick: 0 };

/** The picture of a target, its size, which lies on top, and the words beside it. */
function look(t: SceneTarget): { mark: string; scale: number; order: number; said: string } {
  if (!t.standing) return { mark: markName(t.level, t.measure, t.certain, t.released), scale: markScale(t.people), order: -measureLook(t.measure).rank, said: '' };
  const { mark, missing } = t.standing;
  const said = missing ? `${t.name} 还差 ${missing} 人` : mark === 'silent' ? `${t.name} ${t.people}` : '';
  return { mark: standingName(mark), scale: mark === 'silent' ? 1.3 : 1.1, order: weights[mark], said };
}

/** Draws the areas and targets of a page; while there are any, the sums of the other sites step back to dots. */
export function drawScene(map: MapLibre, { areas, targets, notes = [] }: Scene): void {
  setData(map, 'areas', collection(areas.map(({ geometry, level, certain }) => ({ type: 'Feature', geometry, properties: { level, certain } }))));
  setData(map, 'targets', collection(targets.map((t) => ({
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [t.lon, t.lat] },
    properties: { site_id: t.site_id, ...look(t) },
  }))));
  setData(map, 'notes', collection(notes.map(({ lon, lat, ...properties }) => ({ type: 'Feature', geometry: { type: 'Point', coordinates: [lon, lat] }, properties }))));
  const busy = areas.length > 0 || targets.length > 0;
  for (const layer of ['county-people', 'county-number', 'cell-people', 'cell-number', 'warned-fill', 'warned-line']) map.setLayoutProperty(layer, 'visibility', busy ? 'none' : 'visible');
  map.setLayoutProperty('cell-dot', 'visibility', busy ? 'visible' : 'none');
}
