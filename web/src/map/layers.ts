import type { Feature, FeatureCollection, Point } from 'geojson';
import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl';
import type { SitePin } from '../api/types';
import { markScale, measureLook } from '../format/measure';
import { markName, standingName } from './marks';
import type { Scene, SceneTarget } from './scene';

const collection = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features });

export function setData(map: MapLibre, source: string, data: FeatureCollection): void {
  map.getSource<GeoJSONSource>(source)?.setData(data);
}

function siteFeature({ lon, lat, ...properties }: SitePin): Feature<Point> {
  return { type: 'Feature', geometry: { type: 'Point', coordinates: [lon, lat] }, properties };
}

/** Draws all sites anew. */
export function drawSites(map: MapLibre, pins: Iterable<SitePin>): void {
  const data = collection([...pins].map(siteFeature));
  setData(map, 'sites', data);
  setData(map, 'clusters', data);
}

/** Draws only the changed headcounts. */
export function updateSites(map: MapLibre, pins: SitePin[]): void {
  if (pins.length === 0) return;
  const update = pins.map((p) => ({
    id: p.id, addOrUpdateProperties: [{ key: 'certain', value: p.certain }, { key: 'possible', value: p.possible }],
  }));
  for (const source of ['sites', 'clusters']) map.getSource<GeoJSONSource>(source)?.updateData({ update });
}

const weights = { silent: 4, trouble: 3, half: 2, told: 1, tick: 0 };

/** The picture of a target, its size, which lies on top, and the words beside it. */
function look(t: SceneTarget): { mark: string; scale: number; order: number; said: string } {
  if (!t.standing) return { mark: markName(t.level, t.measure, t.certain, t.released), scale: markScale(t.people), order: -measureLook(t.measure).rank, said: '' };
  const { mark, missing } = t.standing;
  const said = missing ? `${t.name} 还差 ${missing} 人` : mark === 'silent' ? `${t.name} ${t.people}` : '';
  return { mark: standingName(mark), scale: mark === 'silent' ? 1.3 : 1.1, order: weights[mark], said };
}

/** Draws the areas and targets of a page; while there are any, the other sites step back to dots. */
export function drawScene(map: MapLibre, { areas, targets, notes = [] }: Scene): void {
  setData(map, 'areas', collection(areas.map(({ geometry, level, certain }) => ({ type: 'Feature', geometry, properties: { level, certain } }))));
  setData(map, 'targets', collection(targets.map((t) => ({
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [t.lon, t.lat] },
    properties: { site_id: t.site_id, ...look(t) },
  }))));
  setData(map, 'notes', collection(notes.map(({ lon, lat, ...properties }) => ({ type: 'Feature', geometry: { type: 'Point', coordinates: [lon, lat] }, properties }))));
  const busy = areas.length > 0 || targets.length > 0;
  for (const layer of ['cluster', 'cluster-people']) map.setLayoutProperty(layer, 'visibility', busy ? 'none' : 'visible');
  map.setLayerZoomRange('site-dot', busy ? 0 : 9, 24);
}
