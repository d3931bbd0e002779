import { shallowRef } from 'vue';
import type { Map as MapLibre } from 'maplibre-gl';

/** The one map of the desk, for the drawing tools; null until it stands. */
export const mapHandle = shallowRef<MapLibre | null>(null);

export function provideMap(map: MapLibre | null): void {
  mapHandle.value = map;
}
