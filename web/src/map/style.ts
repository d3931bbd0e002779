import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';

// No glyphs and no sprite: MapLibre draws every character from the desk's own
// fonts, and the marks are painted at start. Nothing is asked of another server.
const font = ['Microsoft YaHei', 'PingFang SC', 'Noto Sans CJK SC', 'WenQuanYi Micro Hei', 'sans-serif'];
const ink = { one: '#17211F', two: '#435049', three: '#5F6B67' };

const geojson = { type: 'geojson' as const, data: { type: 'FeatureCollection' as const, features: [] } };

/** Below the first sites stand together by county, below the second by cell; from there on each stands for itself. */
const sumZoom = 7;
const pointZoom = 12;

const byLevel = (red: string, orange: string, yellow: string, blue: string, other: string): ExpressionSpecification =>
  ['match', ['get', 'level'], 'red', red, 'orange', orange, 'yellow', yellow, 'blue', blue, other];

const people: ExpressionSpecification = ['case', ['>', ['get', 'possible'], 0],
  ['concat', ['to-string', ['get', 'certain']], ' +', ['to-string', ['get', 'possible']]], ['to-string', ['get', 'certain']]];

const siteSize: ExpressionSpecification = ['min', 6, ['+', 2.5, ['/', ['sqrt', ['get', 'certain']], 3]]];

/** People of a county or a cell: a disc by how many, with the number in it. */
function sums(id: string, layer: string, minzoom: number, maxzoom: number): LayerSpecification[] {
  const from = { source: 'sites', 'source-layer': layer, minzoom, maxzoom };
  return [
    { id: `${id}-people`, type: 'circle', ...from,
      paint: {
        'circle-color': '#FFFFFF', 'circle-opacity': 0.92, 'circle-stroke-color': '#98A49E', 'circle-stroke-width': 1.2,
        'circle-radius': ['interpolate', ['linear'], ['sqrt', ['get', 'certain']], 0, 4, 12, 10, 60, 24],
      } },
    { id: `${id}-number`, type: 'symbol', ...from,
      layout: { 'text-field': ['number-format', ['get', 'certain'], { locale: 'en-US' }], 'text-font': font, 'text-size': 11, 'text-padding': 3, 'symbol-sort-key': ['-', 0, ['get', 'certain']] },
      paint: { 'text-color': ink.one } },
  ];
}

const layers: LayerSpecification[] = [
  { id: 'ground', type: 'background', paint: { 'background-color': '#EFF2EE' } },
  { id: 'county-fill', type: 'fill', source: 'counties', paint: { 'fill-color': '#FAFBF8' } },
    { id: 'county-line', type: 'line', source: 'counties',
    paint: { 'line-color': '#C3CCC7', 'line-width': ['interpolate', ['linear'], ['zoom'], 5, 0.5, 9, 1], 'line-dasharray': [4, 2] } },
  { id: 'city-line', type: 'line', source: 'cities', paint: { 'line-color': '#98A49E', 'line-width': ['interpolate', ['linear'], ['zoom'], 5, 0.8, 9, 1.5] } },
  { id: 'county-picked', type: 'line', source: 'counties', filter: ['in', ['get', 'code'], ['literal', []]],
    paint: { 'line-color': '#0A6A61', 'line-width': 4, 'line-opacity': 0.35 } },
  { id: 'area-fill', type: 'fill', source: 'areas',
    paint: { 'fill-color': byLevel('#C4161C', '#F08A1D', '#F5CD2B', '#1F66C9', '#5F6B67'), 'fill-opacity': ['case', ['get', 'certain'], 0.14, 0.09] } },
  { id: 'area-line', type: 'line', source: 'areas', filter: ['get', 'certain'], layout: { 'line-join': 'round' },
    paint: { 'line-color': byLevel('#C4161C', '#E07C0E', '#B8960F', '#1F66C9', '#5F6B67'), 'line-width': 2 } },
  { id: 'area-line-possible', type: 'line', source: 'areas', filter: ['!', ['get', 'certain']], layout: { 'line-join': 'round' },
    paint: { 'line-color': byLevel('#C4161C', '#E07C0E', '#B8960F', '#1F66C9', '#5F6B67'), 'line-width': 1.6, 'line-dasharray': [3, 2] } },
  { id: 'warned-fill', type: 'fill', source: 'warnings', 'source-layer': 'warning',
    paint: { 'fill-color': byLevel('#C4161C', '#F08A1D', '#F5CD2B', '#1F66C9', '#5F6B67'), 'fill-opacity': 0.08 } },
  { id: 'warned-line', type: 'line', source: 'warnings', 'source-layer': 'warning',
    paint: { 'line-color': byLevel('#C4161C', '#E07C0E', '#B8960F', '#1F66C9', '#5F6B67'), 'line-width': 1.2 } },
  { id: 'cell-dot', type: 'circle', source: 'sites', 'source-layer': 'cell', minzoom: 6, maxzoom: pointZoom, layout: { visibility: 'none' },
    paint: { 'circle-color': '#A9B4AE', 'circle-stroke-color': '#FFFFFF', 'circle-stroke-width': 1, 'circle-radius': ['min', 5, ['+', 1.6, ['/', ['sqrt', ['get', 'sites']], 4]]] } },
  { id: 'site-dot', type: 'circle', source: 'sites', 'source-layer': 'site', minzoom: pointZoom,
    paint: { 'circle-color': '#A9B4AE', 'circle-stroke-color': '#FFFFFF', 'circle-stroke-width': 1, 'circle-radius': ['interpolate', ['linear'], ['zoom'], pointZoom, siteSize, 14, ['*', 1.6, siteSize]] } },
  { id: 'county-name', type: 'symbol', source: 'county-labels', minzoom: 7.4,
    layout: { 'text-field': ['get', 'name'], 'text-font': font, 'text-size': ['interpolate', ['linear'], ['zoom'], 7, 11, 10, 13], 'text-padding': 6 },
    paint: { 'text-color': ink.three, 'text-halo-color': '#FFFFFF', 'text-halo-width': 1.4 } },
  { id: 'city-name', type: 'symbol', source: 'city-labels', maxzoom: 8.6,
    layout: { 'text-field': ['get', 'name'], 'text-font': font, 'text-size': ['interpolate', ['linear'], ['zoom'], 5, 12, 8, 15], 'text-padding': 2,
      'text-variable-anchor': ['center', 'top', 'bottom', 'left', 'right'], 'text-radial-offset': 1.6, 'text-justify': 'auto' },
    paint: { 'text-color': ink.two, 'text-halo-color': '#FFFFFF', 'text-halo-width': 1.6 } },
  ...sums('county', 'county', 0, sumZoom),
  ...sums('cell', 'cell', sumZoom, pointZoom),
  { id: 'note-mark', type: 'circle', source: 'notes',
    paint: {
      'circle-radius': ['match', ['get', 'kind'], 'defect', 9, 'near', 4.5, 5],
      'circle-color': ['match', ['get', 'kind'], 'near', ink.one, 'rgba(255,255,255,.6)'],
      'circle-stroke-color': ['match', ['get', 'kind'], 'near', '#FFFFFF', ink.one],
      'circle-stroke-width': ['match', ['get', 'kind'], 'defect', 3, 1.4],
    } },
  { id: 'note-text', type: 'symbol', source: 'notes', minzoom: 8.5,
    layout: { 'text-field': ['get', 'text'], 'text-font': font, 'text-size': 12, 'text-anchor': 'left', 'text-offset': [0.9, 0], 'text-justify': 'left', 'text-max-width': 18 },
    paint: { 'text-color': ink.one, 'text-halo-color': '#FFFFFF', 'text-halo-width': 1.6 } },
  { id: 'target-mark', type: 'symbol', source: 'targets',
    layout: {
      'icon-image': ['get', 'mark'], 'icon-allow-overlap': true, 'icon-ignore-placement': true, 'symbol-sort-key': ['get', 'order'],
      'icon-size': ['interpolate', ['linear'], ['zoom'], 5, ['*', 0.55, ['get', 'scale']], 9, ['get', 'scale']],
    } },
  { id: 'target-said', type: 'symbol', source: 'targets', filter: ['!=', ['get', 'said'], ''],
    layout: {
      'text-field': ['get', 'said'], 'text-font': font, 'text-size': 12, 'text-anchor': 'left', 'text-offset': [1.3, 0], 'text-justify': 'left',
      'text-max-width': 18, 'symbol-sort-key': ['-', 0, ['get', 'order']],
    },
    paint: { 'text-color': ink.one, 'text-halo-color': '#FFFFFF', 'text-halo-width': 1.8 } },
  { id: 'site-name', type: 'symbol', source: 'sites', 'source-layer': 'site', minzoom: pointZoom, filter: ['has', 'name'],
    layout: {
      'text-field': ['format', ['get', 'name'], {}, '  ', {}, people, { 'text-color': ink.one }], 'text-font': font, 'text-size': 12,
      'text-anchor': 'left', 'text-offset': [0.9, 0], 'text-justify': 'left', 'text-padding': 4, 'text-max-width': 18,
    },
    paint: { 'text-color': ink.two, 'text-halo-color': '#FFFFFF', 'text-halo-width': 1.4 } },
  { id: 'site-ring', type: 'circle', source: 'ringed',
    paint: { 'circle-radius': 13, 'circle-color': 'rgba(0,0,0,0)', 'circle-stroke-color': '#0A6A61', 'circle-stroke-width': 3 } },
];

/** The whole style of the map; tile addresses are absolute, as the map's workers want them. */
export function mapStyle(origin: string): StyleSpecification {
  const tiles = (name: string, maxzoom: number) => ({ type: 'vector' as const, tiles: [`${origin}/tiles/${name}/{z}/{x}/{y}.mvt`], minzoom: 0, maxzoom });
  return {
    version: 8,
    sources: {
      counties: { ...geojson, promoteId: 'code' },
      cities: { ...geojson, promoteId: 'code' },
      'county-labels': geojson,
      'city-labels': geojson,
      areas: geojson,
      sites: tiles('sites', 16),
      warnings: tiles('warnings', 14),
      notes: geojson,
      ringed: geojson,
      targets: { ...geojson, promoteId: 'site_id' },
    },
    layers,
  };
}
