// Gates (门禁设备) under /api/v1: how a device is spoken to, and how it stands.
import { asked, at, type Views } from './at';
import { get, request } from './client';

export type GateRow = Views['GateRowView'];
export type GateDetail = Views['GateDetailView'];
export type GateSetup = Views['GateSetup'];
export type Protocol = GateSetup['protocol'];
export type UnknownGate = Views['UnknownGateView'];
export type Aside = Views['GateAsideView'];
export type GatePage = Views['GatePageView'];
export type Adoption = Views['AdoptGateRequestBody'];
export type Unmapped = Views['UnmappedView'];
export type PutGate = Views['PutGateRequestBody'];

export const gates = {
  list: (query: { state?: string; cursor?: string }, signal?: AbortSignal) => get<GatePage>(`/gates${asked({ ...query, limit: '200' })}`, signal),
  one: (device: string, signal?: AbortSignal) => get<GateDetail>(at('/devices/{id}/gate', device), signal),
  put: (key: string, device: string, body: PutGate) => request<GateDetail>('PUT', at('/devices/{id}/gate', device), { body, key }),
  approve: (key: string, device: string) => request<void>('POST', at('/devices/{id}/gate/approve', device), { key }),
  refuse: (key: string, device: string, reason: string) => request<void>('POST', at('/devices/{id}/gate/refuse', device), { body: { reason }, key }),
  apply: (key: string, device: string) => request<void>('POST', at('/devices/{id}/gate/apply', device), { key }),
  adopt: (key: string, unknown: string, body: Adoption) => request<GateDetail>('POST', at('/gates/unknown/{id}/adopt', unknown), { body, key }),
  sites: (device: string, signal?: AbortSignal) => get<Views['GateSitesView']>(at('/devices/{id}/sites', device), signal),
  putSites: (key: string, device: string, items: Views['GateSiteView'][]) => request<Views['GateSitesView']>('PUT', at('/devices/{id}/sites', device), { body: { items }, key }),
  aside: (device: string, signal?: AbortSignal) => get<Aside>(at('/devices/{id}/quarantine', device), signal),
};
