import { get } from './api';
import type { Kept } from './outbox';
import { recall, remember } from './shelf';
import type { Mark, Muster, Person } from './types';

/** What was said about people on this phone and has not reached the duty room, in order. */
export function marksKept(kept: Kept[], response: string): Mark[] {
  return kept.filter((k) => k.path === `/responses/${response}/muster/marks` && (k.truth === 'kept' || k.truth === 'sending'))
    .flatMap((k) => (k.body as { marks: Mark[] }).marks);
}

export interface Standing { listed: number; safe: number; missing: number; open: number; elsewhere: number; people: (Person & { ahead?: boolean })[] }

/** The list as this phone knows it: the duty room's, with what was said here since. */
export function expectedNow(list: Muster | null, marks: Mark[]): Standing {
  const people = (list?.people ?? []).map((p) => {
    const mine = marks.findLast((m) => m.person_id === p.person_id);
    return mine ? { ...p, state: mine.state, back: false, disputed: false, ahead: true } : p;
  });
  const many = (state: string): number => people.filter((p) => p.state === state).length;
  return { listed: people.length, safe: many('safe'), missing: many('missing'), open: many('open'), elsewhere: many('elsewhere'), people };
}

/** The list from the duty room; without a network the last one this phone has seen, or the refusal to have one. */
export async function musterOf(response: string): Promise<Muster> {
  try {
    const list = await get<Muster>(`/responses/${response}/muster`);
    await remember(`muster ${response}`, list);
    return list;
  } catch (error) {
    const last = await recall<Muster>(`muster ${response}`).catch(() => undefined);
    if (last) return last.value;
    throw error;
  }
}
