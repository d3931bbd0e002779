import type { LocationQuery, LocationQueryRaw } from 'vue-router';
import type { State, Thread } from '../api/response';
import { groupOf, overdue, rank, states, type Group } from './threadState';

/** What of a board is looked at; it lives in the address, so that it can be kept and sent on. */
export interface BoardFilter {
  states: State[];
  /** Only what is past its time. */
  late: boolean;
  /** A section or a project. */
  unit: string;
  measure: string;
  text: string;
  /** What is done is folded away until somebody asks for it. */
  done: boolean;
}

const word = (q: LocationQuery, key: string) => (typeof q[key] === 'string' ? (q[key] as string) : '');

/** Reads the filter from the address; a word that is no state is left out. */
export function readFilter(q: LocationQuery): BoardFilter {
  const wanted = word(q, 'state').split(',');
  return {
    states: states.filter((s) => wanted.includes(s)), late: wanted.includes('overdue'), unit: word(q, 'unit'), measure: word(q, 'measure'),
    text: word(q, 'q'), done: word(q, 'done') === '1',
  };
}

/** The filter as it stands in the address. */
export function writeFilter(f: BoardFilter): LocationQueryRaw {
  const state = [...f.states, ...(f.late ? ['overdue'] : [])].join(',');
  return Object.fromEntries(Object.entries({ state, unit: f.unit, measure: f.measure, q: f.text, done: f.done ? '1' : '' }).filter(([, v]) => v !== ''));
}

/** Whether a filter hides anything. */
export const narrows = (f: BoardFilter): boolean => f.states.length > 0 || f.late || f.unit !== '' || f.measure !== '' || f.text !== '';

/** Whether a row is looked at. */
export function passes(t: Thread, f: BoardFilter, now: number): boolean {
  if ((f.states.length || f.late) && !f.states.includes(t.state) && !(f.late && overdue(t, now))) return false;
  if (f.unit && f.unit !== t.section_id && f.unit !== t.project_id) return false;
  if (f.measure && f.measure !== t.measure) return false;
  return !f.text || [t.site_name, t.section_name, t.project_name, t.region_name].some((w) => w.includes(f.text));
}

/** One line of the table: the head of a group, or a site. */
export type BoardLine =
  | { kind: 'head'; group: Group; count: number; folded: boolean; height: number }
  | { kind: 'row'; id: string; group: Group; height: number };

const headHeight = 28;
const rowHeight: Record<Group, number> = { needs: 42, going: 30, done: 28 };

/** The lines of the table in their order; the done stay folded unless asked for, or looked for. */
export function boardLines(places: { id: string; group: Group }[], f: BoardFilter): BoardLine[] {
  const lines: BoardLine[] = [];
  for (const group of ['needs', 'going', 'done'] as Group[]) {
    const of = places.filter((p) => p.group === group);
    if (of.length === 0) continue;
    const folded = group === 'done' && !f.done && !narrows(f);
    lines.push({ kind: 'head', group, count: of.length, folded, height: headHeight });
    if (!folded) lines.push(...of.map((p): BoardLine => ({ kind: 'row', id: p.id, group, height: rowHeight[group] })));
  }
  return lines;
}

export interface BoardSums {
  byState: Partial<Record<State, number>>;
  certain: number;
  possible: number;
  missing: number;
  /** Sites where somebody is missing, the most first. */
  missingAt: Thread[];
  silent: number;
  silentPeople: { certain: number; possible: number };
  /** Past their time and not silent. */
  late: number;
  live: number;
}

/** What the head of the board says, from the same rows as the table. */
export function boardSums(rows: Iterable<Thread>, now: number): BoardSums {
  const s: BoardSums = { byState: {}, certain: 0, possible: 0, missing: 0, missingAt: [], silent: 0, silentPeople: { certain: 0, possible: 0 }, late: 0, live: 0 };
  for (const t of rows) {
    s.byState[t.state] = (s.byState[t.state] ?? 0) + 1;
    if (groupOf(rank(t, now)) !== 'done') s.live++;
    s.certain += t.people.certain;
    s.possible += t.people.possible;
    if (t.live && t.people_missing) {
      s.missing += t.people_missing;
      s.missingAt.push(t);
    }
    if (t.state === 'unanswered') {
      s.silent++;
      s.silentPeople.certain += t.people.certain;
      s.silentPeople.possible += t.people.possible;
    } else if (overdue(t, now)) s.late++;
  }
  s.missingAt.sort((a, b) => b.people_missing! - a.people_missing!);
  return s;
}
