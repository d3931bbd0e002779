// What a duty officer does at the desk under /api/v1: taking over, holding a
// draft, asking for the second look, reading the plan, pasting what came by hand.
import { at, type Views } from './at';
import { get, request, upload } from './client';
import type { Officer, Warning } from './types';

const id = encodeURIComponent;
const post = <T>(key: string, path: string, body: unknown = {}) => request<T>('POST', path, { body, key });

/** Who is on duty tonight, who took over last, and what is open. */
export type Duty = Views['DeskDutyView'];

export const duty = {
  now: () => get<Duty>(at('/me/duty')),
  takeOver: (key: string, body: { authority_id?: string; words?: string }) => post<Duty>(key, at('/me/duty/take-over'), body),
};

export const drafts = {
  take: (key: string, w: string, over: boolean) => post<Warning>(key, at('/warnings/{id}/take', w), { over }),
  hold: (key: string, w: string, reason: string, until?: string) => post<Warning>(key, at('/warnings/{id}/hold', w), { reason, until }),
  release: (key: string, w: string, reason: string) => post<Warning>(key, at('/warnings/{id}/release', w), { reason }),
  answerName: (key: string, w: string, version: number, name: string, answer: 'drawn' | 'not_meant', reason: string) =>
    post<Warning>(key, at('/warnings/{id}/names', w), { version, name, answer, reason: reason || undefined }),
  merge: (key: string, w: string, version: number, into: string) => post<Warning>(key, at('/warnings/{id}/merge', w), { version, into }),
};

export type LookBy = 'officer' | 'leader_link' | 'word';

export const secondLook = {
  ask: (key: string, w: string, version: number, by: LookBy, words?: string) => post<Warning>(key, at('/warnings/{id}/second-look/ask', w), { version, by, words }),
  approve: (key: string, w: string, version: number, words?: string) => post<Warning>(key, at('/warnings/{id}/second-look/approve', w), { version, words }),
  refuse: (key: string, w: string, version: number, words: string) => post<Warning>(key, at('/warnings/{id}/second-look/refuse', w), { version, words }),
};

/** Who will be told how and when, and what stands in the way. */
export type Plan = Views['PlanView'];
/** One exact text; what the carrier approved is locked. */
export type PlanText = Views['PlanTextView'];

export const plan = (w: string) => get<Plan>(at('/warnings/{id}/plan', w));

/** What became of a pasted text: a draft, or held with reasons. */
export type Pasted = Views['PastedView'];

export interface Attachment { id: string; file_name: string; content_type: string; size: number; uploaded_by: Officer; uploaded_at: string }

export const paste = (key: string, body: { text: string; source_words: string; datum?: string }) => post<Pasted>(key, at('/messages/paste'), body);

export const attachments = {
  of: (w: string) => get<{ items: Attachment[] }>(at('/warnings/{id}/attachments', w)),
  add: (key: string, w: string, file: File) => upload<Attachment>(key, `${at('/warnings/{id}/attachments', w)}?file_name=${id(file.name)}`, file),
  href: (a: string) => `/api/v1${at('/attachments/{id}/content', a)}`,
};
