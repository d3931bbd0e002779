// The response under /api/v1: a thread is one site under one warning.
import { get, request } from './client';
import type { Headcount, Labelled, Level, Measure, WarningRow } from './types';

export type State =
  | 'pending' | 'delivered' | 'read' | 'acknowledged' | 'moving' | 'carried_out' | 'reported' | 'confirmed' | 'verified'
  | 'refused' | 'unanswered' | 'reopened' | 'expired_open' | 'lifted' | 'inspecting' | 'return_allowed' | 'released';

/** Who is told next, how and when, when nobody acts. */
export interface NextStep { party: string; party_label: string; channels: string[]; at: string }

/** The clock that runs; `next` is null when nobody is left above. */
export interface Duty { kind: string; label: string; due_at: string; overdue: boolean; next_at: string; next: NextStep | null }

/** How far asking has come, in people: asked, something handed over to a carrier (not: delivered), answered, without a waking way left. */
export interface Asked { people: number; told: number; answered: number; failed: number }

export interface Thread {
  id: string;
  mode: 'actual' | 'exercise';
  /** Null when the site began to move by itself. */
  warning_id: string | null;
  site_id: string;
  site_name: string;
  kind: string;
  kind_label: string;
  sleeps: boolean;
  region: string;
  region_name: string;
  project_id: string;
  project_name: string;
  section_id: string;
  section_name: string;
  measure: Measure;
  measure_label: string;
  level: Level;
  level_label: string;
  state: State;
  state_label: string;
  since: string;
  /** The measure is still asked for. */
  live: boolean;
  opened_at: string;
  acknowledged_at: string | null;
  acted_at: string | null;
  reported_at: string | null;
  confirmed_at: string | null;
  verified_at: string | null;
  people: Headcount;
  people_safe: number | null;
  people_missing: number | null;
  evidence: string[] | null;
  doubts: string[] | null;
  drawn: boolean;
  flags: string[] | null;
  duty: Duty | null;
  asked: Asked;
  lon: number;
  lat: number;
  version: number;
}

export interface BoardPage { as_of: string; mode: string; total: number; items: Thread[]; next_cursor: string | null }

export interface Oversight { authority_id: string; name: string; level: string; acknowledged_at: string | null }

export interface BoardSummary {
  as_of: string;
  mode: string;
  total: number;
  by_state: Partial<Record<State, number>>;
  by_measure: Record<string, number>;
  people: { certain: number; possible: number; expected: number; safe: number; missing: number };
  overdue: { unanswered: number; unfinished: number; unverified: number };
  notices: Record<string, Record<string, number>>;
  oversight: Oversight[];
  commitment: string | null;
  secret: string | null;
}

export interface ThreadEvent {
  id: string;
  /** When the sender says it was; recorded_at is when we heard of it. */
  at: string;
  recorded_at: string;
  event: string;
  label: string;
  from_state: State | null;
  to_state: State | null;
  channel: string | null;
  actor: string;
  person: string | null;
  words: string;
  detail: Record<string, unknown> | null;
}

export interface Notice {
  id: string;
  kind: string;
  kind_label: string;
  channel: string;
  state: string;
  state_label: string;
  /** -1 is a copy. */
  rung: number;
  round: number;
  to: string | null;
  text: string;
  created_at: string;
  due_at: string;
  sent_at: string | null;
  delivered_at: string | null;
  read_at: string | null;
  answered_at: string | null;
  reason: string;
}

export interface Called {
  person_id: string;
  rung: number;
  name: string | null;
  phone: string | null;
  disclosed: boolean;
  role: string;
  role_label: string;
  language: string;
  wrong_contact: boolean;
}

export interface PastDuty { kind: string; label: string; state: string; opened_at: string; due_at: string; ended_at: string | null; ended_by: string; next_at: string | null }

export interface FullThread extends Thread {
  warning: { id: string; title: string; mode: string; state: string; level: Level; kind: string; kind_label: string; issuer: string; authority: string; expires: string } | null;
  cause: string;
  sentence: string;
  muster_point: string;
  events: ThreadEvent[];
  notices: Notice[];
  called: Called[];
  duties: PastDuty[];
}

/** What an act did to one site; `why` says why nothing changed. */
export interface Standing { id: string; site_id: string; site_name: string; state: State; state_label: string; changed: boolean; why: string }

export type Act = 'acknowledge' | 'move' | 'carry-out' | 'report' | 'confirm' | 'verify' | 'refuse' | 'reopen';

export interface ActIn {
  ids: string[];
  words?: string;
  safe?: number;
  missing?: number;
  evidence?: string[];
  reason?: string;
  cut_off?: boolean;
}

export interface CallIn { ids: string[]; person_id: string; outcome: string; words?: string; at?: string }

export interface InspectionIn { checklist?: string[]; moved?: boolean; supervisor?: boolean; geologist?: boolean; words?: string }

export interface MyThread extends Thread { headline: string; sentence: string; muster_point: string }

export interface MyNotice {
  id: string;
  mode: string;
  warning_id: string | null;
  kind: string;
  kind_label: string;
  level: string;
  measure: string;
  state: string;
  state_label: string;
  text: string;
  created_at: string;
  delivered_at: string | null;
  read_at: string | null;
}

/** A reply that led to nothing. */
export interface Stray {
  id: string;
  seq: number;
  kind: string;
  at: string;
  verdict: string;
  verdict_label: string;
  said: string;
  person: string | null;
  site_id: string | null;
  site_name: string | null;
  mode: string | null;
  seen_at: string | null;
}

export interface Alarm { id: string; code: string; label: string; subject: string; words: string; opened_at: string; seen_at: string; told_at: string | null; playbook: string }

export interface Figure { state: string; label: string; reached: number; late: number; missed: number; median_s: number; p90_s: number; worst_s: number }
interface CodeCount { code: string; label: string; count: number }
export interface UnitFigures { id: string | null; name: string; project: string; targets: number; states: Figure[]; broken: CodeCount[] }

/** How often one person was called; the name only for those who may see it. */
export interface Calls {
  person_id: string;
  name: string | null;
  sites: number;
  voice: number;
  sms: number;
  other: number;
  hand: number;
  answered: boolean;
  wrong_contact: boolean;
}

export interface Report {
  as_of: string;
  warning: WarningRow;
  sites: number;
  states: CodeCount[];
  time_line: { at: string; event: string; label: string; channel: string | null; sites: number }[];
  /** The first are all units together. */
  units: UnitFigures[];
  calls: Calls[];
  calls_per_person: { calls: number; people: number }[];
  failures: { channel: string; channel_label: string; state: string; state_label: string; code: string; reason: string; notices: number }[];
}

/** One person of the list of an evacuation; name and phone only for those who may see them. */
export interface MusterPerson {
  person_id: string;
  name: string | null;
  phone: string | null;
  why: string[] | null;
  last_evidence_at: string | null;
  state: string;
  state_label: string;
  evidence: string;
  marked_at: string | null;
  words: string;
  disputed: boolean;
  back: boolean;
}

/** The roll call of an evacuation (清点名单): who should be out, and where each of them is. */
export interface Muster {
  began: string;
  listed: number;
  unaccounted: number;
  safe: number;
  missing: number;
  elsewhere: number;
  disputed: number;
  back: number;
  visitors: { state: string; people: number; at: string; by: string } | null;
  people: MusterPerson[];
  as_of: string;
  complete: boolean;
}

export type Vocabulary = Record<string, Labelled[]>;

const id = encodeURIComponent;
const post = <T>(key: string, path: string, body: unknown = {}) => request<T>('POST', path, { body, key });

export const boards = {
  page: (w: string, cursor: string, limit: number, signal?: AbortSignal) =>
    get<BoardPage>(`/warnings/${id(w)}/board?limit=${limit}${cursor ? `&cursor=${id(cursor)}` : ''}`, signal),
  inStates: (w: string, states: State[]) => get<BoardPage>(`/warnings/${id(w)}/board?limit=500&state=${states.join(',')}`),
  summary: (w: string, signal?: AbortSignal) => get<BoardSummary>(`/warnings/${id(w)}/board/summary`, signal),
  sign: (key: string, w: string) => post<{ items: Oversight[] }>(key, `/warnings/${id(w)}/oversight/acknowledge`),
  report: (w: string) => get<Report>(`/warnings/${id(w)}/report`),
  sheetHref: (w: string) => `/api/v1/warnings/${id(w)}/report.xlsx`,
};

export const threads = {
  one: (thread: string, signal?: AbortSignal) => get<FullThread>(`/responses/${id(thread)}`, signal),
  act: (key: string, act: Act, body: ActIn) => post<{ items: Standing[] }>(key, `/responses/${act}`, body),
  muster: (thread: string, signal?: AbortSignal) => get<Muster>(`/responses/${id(thread)}/muster`, signal),
  call: (key: string, body: CallIn) => post<{ items: Standing[] }>(key, '/responses/call', body),
  inspect: (key: string, thread: string, body: InspectionIn) => post<FullThread>(key, `/responses/${id(thread)}/inspection`, body),
  giveReturn: (key: string, thread: string, act: 'return' | 'return/stop' | 'stand-down', words: string) =>
    post<FullThread>(key, `/responses/${id(thread)}/${act}`, { words }),
  evacuate: (key: string, site: string, body: { mode: string; reason: string }) => post<{ id: string }>(key, `/sites/${id(site)}/evacuation`, body),
};

export const mine = {
  threads: () => get<{ as_of: string; total: number; items: MyThread[] }>('/me/responses?limit=500'),
  notices: () => get<{ items: MyNotice[] }>('/me/notices'),
  read: (key: string, notice: string) => request<void>('POST', `/me/notices/${id(notice)}/read`, { key }),
};

export const watch = {
  alarms: () => get<{ as_of: string; items: Alarm[] }>('/alarms'),
  strays: () => get<{ items: Stray[] }>('/inbound?open=true'),
  seen: (key: string, reply: Stray) => request<void>('POST', `/inbound/${id(reply.id)}/${reply.seq}/seen`, { key }),
};

export const vocabulary = () => get<Vocabulary>('/vocabulary');
