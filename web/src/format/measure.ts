import type { Measure } from '../api/types';

/** Shapes of the marks on the map: weight says how much is asked. */
export type Shape = 'disc' | 'house' | 'barred' | 'square' | 'ring' | 'dot';

interface Look { label: string; shape: Shape; rank: number }

const looks: Record<Measure, Look> = {
  evacuate: { label: '撤离', shape: 'disc', rank: 0 },
  shelter: { label: '就地避险', shape: 'house', rank: 1 },
  keep_out: { label: '禁入', shape: 'barred', rank: 2 },
  stop: { label: '停工', shape: 'square', rank: 3 },
  patrol: { label: '加密巡查', shape: 'ring', rank: 4 },
  read: { label: '阅知', shape: 'dot', rank: 5 },
};

/** Strictest first. */
export const measures = (Object.keys(looks) as Measure[]).sort((a, b) => looks[a].rank - looks[b].rank);

/** The look of a measure; an unknown one is drawn as the strictest ring, with its own word. */
export function measureLook(measure: string): Look {
  return looks[measure as Measure] ?? { label: measure, shape: 'ring', rank: 4 };
}

/** Sorts targets worst first: strictest measure, certain match before possible, then most people. */
export function byWeight(
  a: { measure: string; match: { certain: boolean }; people: { certain: number } },
  b: { measure: string; match: { certain: boolean }; people: { certain: number } },
): number {
  return measureLook(a.measure).rank - measureLook(b.measure).rank
    || Number(b.match.certain) - Number(a.match.certain)
    || b.people.certain - a.people.certain;
}

/** Size of a mark on the map relative to 1, by the people who are certain there. */
export function markScale(certain: number): number {
  return Math.min(1.7, 0.8 + Math.sqrt(Math.max(0, certain)) / 12);
}
