// The registry under /api/v1: sites, projects, sections, people, devices and companies.
import { get, request } from './client';
import type { components } from './schema';

type Views = components['schemas'];
export type SiteRecord = Views['SiteView'];
export type ProjectRecord = Views['ProjectView'];
export type SectionRecord = Views['SectionView'];
export type PersonRecord = Views['PersonView'];
export type DeviceRecord = Views['RegisteredDeviceView'];
export type CompanyRecord = Views['CompanyView'];
export type Curve = Views['CurveView'];

interface Records { sites: SiteRecord; projects: ProjectRecord; sections: SectionRecord; people: PersonRecord; devices: DeviceRecord; companies: CompanyRecord }
export type Kind = keyof Records;
export interface Found<T> { items: T[]; next: string | null }

/** What a list is narrowed by; empty values are left out. */
export type Query = Partial<Record<'q' | 'region' | 'kind' | 'status' | 'project' | 'section' | 'site' | 'cursor' | 'limit', string>>;

const id = encodeURIComponent;

/** "?q=…&kind=…", or nothing. */
export function asked(query: Query): string {
  const set = Object.entries(query).filter(([, v]) => v);
  return set.length ? `?${new URLSearchParams(set as [string, string][])}` : '';
}

export const registry = {
  list: <K extends Kind>(kind: K, query: Query, signal?: AbortSignal) => get<Found<Records[K]>>(`/${kind}${asked(query)}`, signal),
  one: <K extends Kind>(kind: K, of: string, signal?: AbortSignal) => get<Records[K]>(`/${kind}/${id(of)}`, signal),
  create: (key: string, kind: Kind, body: unknown) => request<{ id: string }>('POST', `/${kind}`, { body, key }),
  change: (key: string, kind: Kind, of: string, body: unknown) => request<{ id: string }>('PUT', `/${kind}/${id(of)}`, { body, key }),
  /** A device is answered with the key that it was given; how it comes in is registered next. */
  register: (key: string, body: { serial: string; site_id: string; purpose: string; direction: string }) => request<{ device: DeviceRecord; key: string | null }>('POST', '/devices', { body, key }),
  curve: (site: string, signal?: AbortSignal) => get<Curve>(`/sites/${id(site)}/curve`, signal),
  sheetHref: (kind: Kind, query: Query) => `/api/v1/${kind}/export.xlsx${asked({ ...query, cursor: '' })}`,
};
