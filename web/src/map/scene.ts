import { onScopeDispose, ref, shallowRef, watchEffect } from 'vue';
import type { Geometry } from 'geojson';
import type { Level, Measure } from '../api/types';
import type { Mark } from '../format/threadState';
import type { Box } from './shape';

export interface SceneArea { geometry: Geometry; level: Level; certain: boolean }

export interface SceneTarget {
  site_id: string;
  name: string;
  lon: number;
  lat: number;
  level: Level;
  measure: Measure;
  certain: boolean;
  people: number;
  /** Let go by the update that is being looked at. */
  released?: boolean;
  /** Where it stands on a board; then it is drawn by how much it needs somebody, not by its measure. */
  standing?: { mark: Mark; missing: number };
}

/** What the page wants on the map besides the regions and the sites. */
export interface Scene {
  /** The map moves to the areas when this changes, and stays where the hand put it otherwise. */
  key: string;
  areas: SceneArea[];
  /** What the map moves to besides: an outline that something else draws. */
  around?: Geometry[];
  targets: SceneTarget[];
  /** Small marks beside them: people just outside, nobody inside, where an edge crosses itself. */
  notes?: SceneNote[];
}

export interface SceneNote { kind: 'near' | 'empty' | 'defect'; lon: number; lat: number; text: string }

const empty: Scene = { key: '', areas: [], targets: [] };

export const scene = shallowRef<Scene>(empty);

/** The site under the keyboard or the pointer in a list, ringed on the map. */
export const pointedSite = ref<string | null>(null);

/** Where sites are that a page has read, so that they can be ringed. */
const places = new Map<string, [number, number]>();
export const knowPlace = (id: string, lon: number, lat: number): void => void places.set(id, [lon, lat]);

/** Where a site is, as far as anything on the page has said. */
export function placeOf(id: string): [number, number] | null {
  const t = scene.value.targets.find((x) => x.site_id === id);
  return t ? [t.lon, t.lat] : places.get(id) ?? null;
}

/** A place the map brings into sight, when it is not. */
export const wantedPlace = shallowRef<[lon: number, lat: number] | null>(null);

/** A stretch the map goes to, when it is not all in sight. */
export const wantedBox = shallowRef<Box | null>(null);

/** Regions chosen for the area of a warning, filled on the map. */
export const pickedRegions = shallowRef<string[]>([]);

/** What a click on the map means. */
export const clickMode = ref<'site' | 'region' | 'place' | 'none'>('site');
export const placeClicked = shallowRef<((place: [lon: number, lat: number]) => void) | null>(null);
export const regionClicked = shallowRef<((code: string) => void) | null>(null);

/** Shows a scene while the calling component lives. */
export function useScene(make: () => Scene): void {
  watchEffect(() => {
    scene.value = make();
  });
  onScopeDispose(() => {
    scene.value = empty;
    pointedSite.value = null;
  });
}
