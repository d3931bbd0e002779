import { full, toLocalInput } from '../format/time';
import { get } from './api';
import type { Kept } from './outbox';
import { recall, remember } from './shelf';
import type { Leave, LeaveBody, SitePerson } from './types';

/** Who belongs to a site, and who of them is away. */
export interface Roster { people: SitePerson[]; leaves: Leave[] }

/** The last four digits of a phone, by which people of one masked name are told apart. */
export const tail = (phone: string | null): string => (phone && /\d{4}$/.test(phone) ? ` 尾号 ${phone.slice(-4)}` : '');

/** People to choose from, by name; who is away already cannot go again. */
export function choices(r: Roster, now: number): { id: string; label: string; away: boolean }[] {
  const away = new Set(r.leaves.filter((l) => Date.parse(l.from) <= now).map((l) => l.person.person_id));
  return r.people.filter((p) => p.name !== null)
    .map((p) => ({ id: p.id, label: `${p.name}${tail(p.phone)}${away.has(p.id) ? '（已请假）' : ''}`, away: away.has(p.id) }))
    .sort((a, b) => a.label.localeCompare(b.label, 'zh'));
}

/** He is back on a day: from its first minute in China he is expected again. */
export const backOn = (day: string): string | undefined => (day ? `${day}T00:00:00+08:00` : undefined);

/** The first day on which somebody who leaves now can be back. */
export const tomorrow = (now: number): string => toLocalInput(now + 24 * 3600_000).slice(0, 10);

export const until = (l: Pick<Leave, 'until'>, now: number): string => (l.until ? `${full(l.until, now)} 回来` : '没有写哪天回来');

/** What was registered here and is not at the duty room yet. */
export function leavesKept(kept: Kept[], path: string): { id: string; kept: Kept; body: LeaveBody }[] {
  return kept.filter((k) => k.path === path && k.truth !== 'reached').map((k) => ({ id: k.id, kept: k, body: k.body as LeaveBody }));
}

/** The end of a leave that was registered here, if it was. */
export const endKept = (kept: Kept[], path: string, leave: string): Kept | undefined => kept.findLast((k) => k.path === `${path}/${leave}/end`);

/** From the duty room; without a network what this phone has seen last. */
export async function rosterOf(site: string): Promise<Roster> {
  try {
    const [people, leaves] = await Promise.all([get<{ items: SitePerson[] }>(`/people?site=${site}&limit=200`), get<{ items: Leave[] }>(`/sites/${site}/leaves`)]);
    const roster = { people: people.items, leaves: leaves.items };
    await remember(`roster ${site}`, roster);
    return roster;
  } catch (error) {
    const last = await recall<Roster>(`roster ${site}`).catch(() => undefined);
    if (last) return last.value;
    throw error;
  }
}
