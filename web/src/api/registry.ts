// The registry under /api/v1: sites, projects, sections, people with their teams and certificates, devices and companies.
import { asked, at, type Views } from './at';
import { get, request } from './client';

export type SiteRecord = Views['SiteView'];
export type ProjectRecord = Views['ProjectView'];
export type SectionRecord = Views['SectionView'];
export type PersonRecord = Views['PersonView'];
export type DeviceRecord = Views['RegisteredDeviceView'];
export type CompanyRecord = Views['CompanyView'];
export type TeamRecord = Views['TeamView'];
export type CertificateRecord = Views['CertificateView'];
export type Curve = Views['CurveView'];

interface Records { sites: SiteRecord; projects: ProjectRecord; sections: SectionRecord; people: PersonRecord; devices: DeviceRecord; companies: CompanyRecord; teams: TeamRecord; certificates: CertificateRecord }
export type Kind = keyof Records;
export interface Found<T> { items: T[]; next: string | null }

/** What a list of the registry is narrowed by. */
export type Query = Partial<Record<'q' | 'region' | 'kind' | 'status' | 'project' | 'section' | 'site' | 'cursor' | 'limit', string>>;

export const registry = {
  list: <K extends Kind>(kind: K, query: Query, signal?: AbortSignal) => get<Found<Records[K]>>(`/${kind}${asked(query)}`, signal),
  one: <K extends Kind>(kind: K, of: string, signal?: AbortSignal) => get<Records[K]>(at(`/${kind}/{id}`, of), signal),
  create: (key: string, kind: Kind, body: unknown) => request<{ id: string }>('POST', `/${kind}`, { body, key }),
  change: (key: string, kind: Kind, of: string, body: unknown) => request<{ id: string }>('PUT', at(`/${kind}/{id}`, of), { body, key }),
  /** A device is answered with the key that it was given; how it comes in is registered next. */
  register: (key: string, body: { serial: string; site_id: string; purpose: string; direction: string }) => request<{ device: DeviceRecord; key: string | null }>('POST', '/devices', { body, key }),
  curve: (site: string, signal?: AbortSignal) => get<Curve>(at('/sites/{id}/curve', site), signal),
};
