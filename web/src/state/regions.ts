import { computed, ref, shallowRef } from 'vue';
import type { FeatureCollection, Point } from 'geojson';
import { regions } from '../api/endpoints';
import { inWords } from '../api/problem';
import type { RegionAreas } from '../api/types';
import { labelPoint } from '../map/shape';

const none: RegionAreas = { type: 'FeatureCollection', features: [] };
const counties = shallowRef<RegionAreas>(none);
const cities = shallowRef<RegionAreas>(none);
const failure = ref('');
let asked: Promise<void> | null = null;

/** Reads the outlines once; they change only with an import. */
export function loadRegions(): Promise<void> {
  asked ??= Promise.all([regions.areas('county'), regions.areas('city')])
    .then(([c, p]) => {
      counties.value = c;
      cities.value = p;
    })
    .catch((error: unknown) => {
      failure.value = inWords(error);
      asked = null;
    });
  return asked;
}

const names = computed(() => new Map([...counties.value.features, ...cities.value.features].map((f) => [f.properties.code, f.properties.name])));

/** The outline of each region that has one. */
const outlines = computed(() => new Map([...counties.value.features, ...cities.value.features].map((f) => [f.properties.code, f.geometry])));

/** Counties under their city (or straight under the province), for choosing. */
const tree = computed(() => {
  const groups = new Map<string, { code: string; name: string; counties: { code: string; name: string }[] }>();
  for (const { properties: p } of counties.value.features) {
    const group = groups.get(p.parent) ?? { code: p.parent, name: names.value.get(p.parent) ?? '省直辖', counties: [] };
    group.counties.push({ code: p.code, name: p.name });
    groups.set(p.parent, group);
  }
  return [...groups.values()].sort((a, b) => a.code.localeCompare(b.code));
});

/** Where the outlines come from, for the line under the map. */
const source = computed(() => {
  const all = counties.value.features.map((f) => f.properties);
  const said = [...new Set(all.map((p) => [p.source, p.dated].filter(Boolean).join(' ')))].filter(Boolean);
  return { approximate: all.some((p) => p.approximate), text: said.slice(0, 2).join('；') };
});

function labels(areas: RegionAreas): FeatureCollection<Point> {
  return {
    type: 'FeatureCollection',
    features: areas.features.map((f) => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: labelPoint(f.geometry) },
      properties: { name: f.properties.name, code: f.properties.code },
    })),
  };
}

export function useRegions() {
  return {
    counties, cities, failure, tree, source, names, outlines,
    countyLabels: computed(() => labels(counties.value)),
    cityLabels: computed(() => labels(cities.value)),
  };
}
