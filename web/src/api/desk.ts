// What a duty officer does at the desk under /api/v1: taking over, holding a
// draft, asking for the second look, reading the plan, pasting what came by hand.
import { get, request, upload } from './client';
import type { Level, MessageRow, Officer, Warning } from './types';

const id = encodeURIComponent;
const post = <T>(key: string, path: string, body: unknown = {}) => request<T>('POST', path, { body, key });

/** What is open in an authority when somebody takes over. */
export interface OpenWork {
  drafts: number; drafts_auto: number; on_hold: number; active: number; expired: number;
  unanswered: number; unverified: number; replies: number; alarms: number;
}

export interface OnDuty { person_id: string; name: string | null; phone: string | null; role: string; role_label: string; since: string; until: string | null; me: boolean }

export interface Duty {
  as_of: string;
  authority: { id: string; name: string };
  offices: { id: string; name: string }[];
  on_duty: OnDuty[];
  last: { id: string; at: string; by: Officer; from: Officer | null; words: string } | null;
  mine: boolean;
  open: OpenWork;
}

export const duty = {
  now: () => get<Duty>('/me/duty'),
  takeOver: (key: string, body: { authority_id?: string; words?: string }) => post<Duty>(key, '/me/duty/take-over', body),
};

export const drafts = {
  take: (key: string, w: string, over: boolean) => post<Warning>(key, `/warnings/${id(w)}/take`, { over }),
  hold: (key: string, w: string, reason: string, until?: string) => post<Warning>(key, `/warnings/${id(w)}/hold`, { reason, until }),
  release: (key: string, w: string, reason: string) => post<Warning>(key, `/warnings/${id(w)}/release`, { reason }),
  merge: (key: string, w: string, version: number, into: string) => post<Warning>(key, `/warnings/${id(w)}/merge`, { version, into }),
};

export type LookBy = 'officer' | 'leader_link' | 'word';

export const secondLook = {
  ask: (key: string, w: string, version: number, by: LookBy, words?: string) => post<Warning>(key, `/warnings/${id(w)}/second-look/ask`, { version, by, words }),
  approve: (key: string, w: string, version: number, words?: string) => post<Warning>(key, `/warnings/${id(w)}/second-look/approve`, { version, words }),
  refuse: (key: string, w: string, version: number, words: string) => post<Warning>(key, `/warnings/${id(w)}/second-look/refuse`, { version, words }),
};

export interface PlanChannel { channel: string; label: string; people: number; notices: number }

/** A site that is hard to reach; `reachable` are those with a number on its first two rungs. */
export interface PlanSite { site_id: string; name: string; region_name: string; reachable?: number }
interface Counted<T> { count: number; items: T[] }

/** Who will be told how and when, and what stands in the way. */
export interface Plan {
  as_of: string;
  took_ms: number;
  level: Level;
  level_label: string;
  second_look: boolean;
  sites: number;
  asked: number;
  released: number;
  people_told: number;
  waves: { after_s: number; at: string; channels: PlanChannel[]; parties: { party: string; label: string; people: number }[] }[];
  channels: { channel: string; label: string; people: number; notices: number; first_at: string }[];
  authorities: { id: string; name: string; sites: number; first_digest_at: string; on_duty: number }[];
  limits: { code: string; channel: string; label: string; people: number; text: string }[];
  few_reachable: Counted<PlanSite>;
  nobody: Counted<PlanSite>;
  no_contact: Counted<{ person_id: string; name: string | null; role_label: string; site_id: string; site_name: string; last_at: string | null }>;
  texts: PlanText[];
}

/** One exact text; what the carrier approved is locked. */
export interface PlanText {
  kind: string; kind_label: string; measure: string; measure_label: string; channel: string; label: string; template: string; notices: number; title: string; text: string;
  segments: { text: string; locked: boolean; value?: string }[];
  parts: number;
}

export const plan = (w: string) => get<Plan>(`/warnings/${id(w)}/plan`);

/** What became of a pasted text: a draft, or held with reasons. */
export type Pasted = MessageRow & { source_words: string; hint: string; held_reasons?: string[] };

export interface Attachment { id: string; file_name: string; content_type: string; size: number; uploaded_by: Officer; uploaded_at: string }

export const paste = (key: string, body: { text: string; source_words: string; datum?: string }) => post<Pasted>(key, '/messages/paste', body);

export const attachments = {
  of: (w: string) => get<{ items: Attachment[] }>(`/warnings/${id(w)}/attachments`),
  add: (key: string, w: string, file: File) => upload<Attachment>(key, `/warnings/${id(w)}/attachments?file_name=${id(file.name)}`, file),
  href: (a: string) => `/api/v1/attachments/${id(a)}/content`,
};
