import { at } from './at';
import { get, request } from './client';
import type {
  AreaIn, Choice, Difference, Level, LiveTarget, Me, MessageRow, Page, Preview, RegionAreas, Site, Warning, WarningIn, WarningRow,
} from './types';

export const session = {
  who: () => get<Me>('/session'),
  signIn: (login: string, password: string) => request<Me>('POST', '/session', { body: { login, password } }),
  signOut: () => request<void>('DELETE', '/session'),
};

export const sites = {
  one: (site: string, signal?: AbortSignal) => get<Site>(at('/sites/{id}', site), signal),
};

export const regions = {
  areas: (level: 'county' | 'city') => get<RegionAreas>(`/regions/areas?level=${level}`),
};

export const messages = {
  recent: () => get<Page<MessageRow>>('/messages'),
  rawHref: (raw: string) => `/api/v1${at('/messages/{id}/raw', raw)}`,
};

export interface PreviewIn { areas: AreaIn[]; level: Level; hazard: string; expires?: string; choices?: Choice[] }

export const preview = (body: PreviewIn, signal?: AbortSignal) => request<Preview>('POST', '/preview', { body, signal });

/** A new draft; one that passes on what somebody forwarded says whose warning it is and which text it rests on. */
export interface NewWarning extends WarningIn { kind?: 'relay'; issuer?: string; issued_at?: string; raw_id?: string }

export const warnings = {
  list: (states: string) => get<Page<WarningRow>>(`/warnings?state=${states}`),
  one: (w: string) => get<Warning>(at('/warnings/{id}', w)),
  preview: (w: string) => get<Preview>(at('/warnings/{id}/preview', w)),
  targets: (w: string, revision?: number) =>
    get<{ as_of: string; items: LiveTarget[] }>(`${at('/warnings/{id}/targets', w)}${revision ? `?revision=${revision}` : ''}`),
  create: (key: string, body: NewWarning) => request<Warning>('POST', '/warnings', { body, key }),
  change: (key: string, w: string, version: number, body: WarningIn) =>
    request<Warning>('PUT', at('/warnings/{id}', w), { body: { version, ...body }, key }),
  publish: (key: string, w: string, version: number, look: { authorisation?: string; unreviewed?: boolean }) =>
    request<Warning>('POST', at('/warnings/{id}/publish', w), { body: { version, ...look }, key }),
  discard: (key: string, w: string, version: number, reason: string) =>
    request<Warning>('POST', at('/warnings/{id}/discard', w), { body: { version, reason }, key }),
  lift: (key: string, w: string, version: number, reason: string) =>
    request<Warning>('POST', at('/warnings/{id}/lift', w), { body: { version, reason }, key }),
  difference: (w: string, body: WarningIn) =>
    request<Difference>('POST', at('/warnings/{id}/revise/preview', w), { body }),
  /** A change of a warning in force as a draft, so that a second person can look at it. */
  reviseLater: (key: string, w: string, version: number, body: WarningIn) =>
    request<Warning>('POST', at('/warnings/{id}/revise/draft', w), { body: { version, ...body }, key }),
  revise: (key: string, w: string, version: number, body: WarningIn, authorisation?: string) =>
    request<Warning>('POST', at('/warnings/{id}/revise', w), { body: { version, authorisation, ...body }, key }),
};
