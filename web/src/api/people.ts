// Who is and who should be at a site, under /api/v1: numbers, leaves, shifts.
import { asked, at, type Views } from './at';
import { get, request } from './client';

// What is embedded in Go stands apart in the document; a pointer may be null.
export type Numbers = Omit<Views['NumbersView'], 'late' | 'evening' | 'gates'> & Views['HeadcountView']
  & { late: Views['LateView'] | null; evening: Views['EveningNumberView'] | null; gates: Views['GatesView'] | null };
export type Leave = Views['LeaveView'];
export type NewLeave = Views['GiveLeaveRequestBody'];
export type Shift = Views['ShiftView'];

export const numbers = {
  now: (site: string, signal?: AbortSignal) => get<Numbers>(at('/sites/{id}/headcount', site), signal),
  /** Of a past instant, as it is known now or as it was known at another. */
  past: (site: string, when: string, known?: string, signal?: AbortSignal) => get<Numbers>(`${at('/sites/{id}/headcount', site)}${asked({ at: when, known_at: known })}`, signal),
};

export const leaves = {
  of: (site: string, signal?: AbortSignal) => get<{ items: Leave[] }>(at('/sites/{id}/leaves', site), signal),
  give: (key: string, site: string, body: NewLeave) => request<{ id: string }>('POST', at('/sites/{id}/leaves', site), { body, key }),
  end: (site: string, leave: string) => request<void>('POST', at('/sites/{id}/leaves/{leave}/end', site, leave)),
};

/** The shifts that touch the day from now on. */
export const shifts = (site: string, signal?: AbortSignal) => get<{ items: Shift[] }>(at('/sites/{id}/shifts', site), signal);
