import type { Preview } from '../api/types';
import { kmWords, whoWords } from '../format/around';
import type { Shape } from './draw';
import type { SceneNote } from './scene';

/** What is shown small beside a drawing: who stands just outside, where nobody is, where an edge crosses itself. */
export function drawingNotes(preview: Preview | null, shapes: Shape[]): SceneNote[] {
  return [
    ...(preview?.near?.items ?? []).map((s): SceneNote => ({ kind: 'near', lon: s.lon, lat: s.lat, text: `${s.name} ${whoWords(s.people)} 外 ${kmWords(s.distance_m ?? 0)}` })),
    ...(preview?.empty?.items ?? []).map((s): SceneNote => ({ kind: 'empty', lon: s.lon, lat: s.lat, text: '' })),
    ...shapes.flatMap((s) => s.crossings.map(([lon, lat]): SceneNote => ({ kind: 'defect', lon: lon!, lat: lat!, text: '边线交叉' }))),
  ];
}
