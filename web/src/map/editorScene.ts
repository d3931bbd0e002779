import type { Difference, Level, Preview, Warning } from '../api/types';
import type { Shape } from './draw';
import { drawingNotes } from './notes';
import type { Scene, SceneTarget } from './scene';
import { sceneTarget } from './targets';

interface Drawn { base: Warning | null; /** Its area was there once: the map has gone to it and stays where the hand puts it. */ placed: boolean; level: Level; preview: Preview | null; difference: Difference | null; shapes: Shape[]; allDrawn: boolean }

/** What the map shows of a drawing. Drawn shapes are the drawing tools' own; regions and kept areas are shown as the server made them. */
export function editorScene({ base, placed, level, preview, difference, shapes, allDrawn }: Drawn): Scene {
  const own = allDrawn && !shapes.some((s) => s.kind === 'whole');
  const geometry = preview?.area?.geometry;
  return {
    key: base && placed ? `edit/${base.id}` : '',
    areas: own || !geometry ? [] : [{ geometry, level, certain: true }],
    around: geometry ? [geometry] : [],
    targets: difference ? differing(difference) : (preview?.targets ?? []).map((t) => sceneTarget(t)),
    notes: drawingNotes(preview, shapes),
  };
}

function differing(d: Difference): SceneTarget[] {
  const staying = [...d.added, ...d.stays, ...d.changed.map((c) => c.after)];
  return [...staying.map((t) => sceneTarget(t)), ...d.released.map((t) => sceneTarget(t, true))];
}
