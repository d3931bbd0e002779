// The response under /api/v1: a thread is one site under one warning. The shapes
// are those of the API's document; named again is only what the page knows more
// exactly: fixed words, and what may be missing.
import { at, type Views } from './at';
import { get, request } from './client';
import type { paths } from './schema';
import type { Labelled, Level, Measure, WarningRow } from './types';

type But<T, Exact> = Omit<T, keyof Exact> & Exact;
type List<T> = { items: T[] };

export type State =
  | 'pending' | 'delivered' | 'read' | 'acknowledged' | 'moving' | 'carried_out' | 'reported' | 'confirmed' | 'verified'
  | 'refused' | 'unanswered' | 'reopened' | 'expired_open' | 'lifted' | 'inspecting' | 'return_allowed' | 'released';

/** The clock that runs; `next` is null when nobody is left above. */
export type Duty = But<Views['DutyView'], { next: Views['NextView'] | null }>;

/** How far asking has come, in people: asked, something handed over to a carrier (not: delivered), answered, without a waking way left. */
export type Asked = Views['AskedView'];

/** One site under one warning; `warning_id` is null when the site began to move by itself. */
export type Thread = But<Views['ThreadView'], {
  mode: 'actual' | 'exercise'; state: State; measure: Measure; level: Level; warning_id: string | null; duty: Duty | null;
  people: But<Views['CountView'], { expected: number | null }>;
  evidence: string[] | null; doubts: string[] | null; flags: string[] | null;
}>;

export type BoardPage = But<Views['BoardView'], { items: Thread[] }>;
export type Oversight = Views['OversightView'];
export type EnteredVessel = Views['EnteredVesselView'];
export type BoardSummary = But<Views['SummaryView'], { by_state: Partial<Record<State, number>> }>;

/** `at` is when the sender says it was; `recorded_at` is when we heard of it. */
export type ThreadEvent = But<Views['EventView'], { from_state: State | null; to_state: State | null; detail: Record<string, unknown> | null }>;

/** One message to one receiver; rung -1 is a copy. */
export type Notice = Views['NoticeView'];
export type Called = Views['CalledView'];

/** A picture that is to prove a report; `distance_m` is null when the phone did not say where it was. */
export type Photo = But<Views['PhotoView'], { distance_m: number | null; accuracy_m: number | null }>;

export type FullThread = Thread & But<Views['ResponseView'], { warning: Views['ThreadWarning'] | null; events: ThreadEvent[]; photos: Photo[] }>;

/** What an act did to one site; `why` says why nothing changed. */
export type Standing = But<Views['StandingView'], { state: State }>;

export type Act = 'acknowledge' | 'move' | 'carry-out' | 'report' | 'confirm' | 'verify' | 'refuse' | 'reopen';

/** What came of a call by hand. */
export type CallOutcome = Views['CallRequestBody']['outcome'];

/** A reply that led to nothing. */
export type Stray = But<Views['StrayView'], { person_id: string | null; site_id: string | null }>;
export type Alarm = Views['AlarmView'];

export type Figure = Views['StateFigure'];
/** The figures of a section; the first of a report are all units together and have no id. */
export type UnitFigures = But<Views['UnitFigures'], { id: string | null }>;
export type Report = But<Views['ReportView'], { warning: WarningRow; units: UnitFigures[] }>;

/** One person of the list of an evacuation; name and phone only for those who may see them. */
export type MusterPerson = But<Views['MusterPersonView'], { person_id: string; name: string | null; phone: string | null; why: string[] | null; marked_by: string | null }>;

/** The roll call of an evacuation (清点名单): who should be out, and where each of them is. */
export type Muster = But<Views['MusterView'], { people: MusterPerson[]; visitors: Views['VisitorsView'] | null }>;

export type Vocabulary = Record<string, Labelled[]>;

const post = <T>(key: string, path: string, body: unknown = {}) => request<T>('POST', path, { body, key });

const actPaths: Record<Act, keyof paths> = {
  acknowledge: '/responses/acknowledge', move: '/responses/move', 'carry-out': '/responses/carry-out', report: '/responses/report',
  confirm: '/responses/confirm', verify: '/responses/verify', refuse: '/responses/refuse', reopen: '/responses/reopen',
};

export const boards = {
  page: (w: string, cursor: string, limit: number, signal?: AbortSignal) =>
    get<BoardPage>(`${at('/warnings/{id}/board', w)}?limit=${limit}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`, signal),
  inStates: (w: string, states: State[]) => get<BoardPage>(`${at('/warnings/{id}/board', w)}?limit=500&state=${states.join(',')}`),
  summary: (w: string, signal?: AbortSignal) => get<BoardSummary>(at('/warnings/{id}/board/summary', w), signal),
  sign: (key: string, w: string) => post<List<Oversight>>(key, at('/warnings/{id}/oversight/acknowledge', w)),
  report: (w: string) => get<Report>(at('/warnings/{id}/report', w)),
  sheetHref: (w: string) => `/api/v1${at('/warnings/{id}/report.xlsx', w)}`,
};

export const threads = {
  one: (thread: string, signal?: AbortSignal) => get<FullThread>(at('/responses/{id}', thread), signal),
  muster: (thread: string, signal?: AbortSignal) => get<Muster>(at('/responses/{id}/muster', thread), signal),
  act: (key: string, act: Act, body: Views['ActRequestBody']) => post<List<Standing>>(key, at(actPaths[act]), body),
  call: (key: string, body: Views['CallRequestBody']) => post<List<Standing>>(key, at('/responses/call'), body),
  inspect: (key: string, thread: string, body: Views['InspectionRequestBody']) => post<FullThread>(key, at('/responses/{id}/inspection', thread), body),
  giveReturn: (key: string, thread: string, act: 'return' | 'return/stop' | 'stand-down', words: string) =>
    post<FullThread>(key, at(`/responses/{id}/${act}`, thread), { words }),
};

export const watch = {
  alarms: () => get<List<Alarm>>(at('/alarms')),
  strays: () => get<List<Stray>>(`${at('/inbound')}?open=true`),
  seen: (key: string, reply: Stray) => request<void>('POST', at('/inbound/{id}/{seq}/seen', reply.id, reply.seq), { key }),
};

export const vocabulary = () => get<Vocabulary>(at('/vocabulary'));
