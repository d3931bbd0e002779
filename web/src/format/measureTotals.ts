import type { Headcount, Level, Measure, People, Target } from '../api/types';
import { measureLook, measures } from './measure';
import { totalPeople } from './people';

export interface MeasureRow { measure: Measure; label: string; level: Level | undefined; sites: number; people: People; reason: string }

/** What is asked of how many sites and people, strictest first; `people` gives the latest headcount of a site. */
export function measureTotals(targets: Target[], people: (id: string, known: Headcount) => People): MeasureRow[] {
  const known = [...new Set([...measures, ...targets.map((t) => t.measure)])];
  return known.flatMap((measure) => {
    const of = targets.filter((t) => t.measure === measure);
    return of.length === 0 ? [] : [{
      measure, sites: of.length, label: of[0]!.measure_label || measureLook(measure).label, level: of[0]!.level, reason: commonReason(of),
      people: totalPeople(of.map((t) => people(t.site_id, t.people))),
    }];
  });
}

/** Why this measure, apart from why the site is under the warning at all. */
export function whyMeasure(t: Pick<Target, 'match' | 'why'>): string[] {
  return t.why.filter((w) => w !== t.match.text);
}

/** The reason most of these sites share. */
function commonReason(targets: Target[]): string {
  const seen = new Map<string, number>();
  for (const [first] of targets.map(whyMeasure)) if (first) seen.set(first, (seen.get(first) ?? 0) + 1);
  return [...seen].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}
