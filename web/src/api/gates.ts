// Gates (门禁设备) under /api/v1: how a device is spoken to, and how it stands.
import { get, request } from './client';
import { asked } from './registry';
import type { components } from './schema';

type Views = components['schemas'];
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

const id = encodeURIComponent;

export const gates = {
  list: (query: { state?: string; cursor?: string }, signal?: AbortSignal) => get<GatePage>(`/gates${asked({ ...query, limit: '200' } as never)}`, signal),
  one: (device: string, signal?: AbortSignal) => get<GateDetail>(`/devices/${id(device)}/gate`, signal),
  put: (key: string, device: string, body: PutGate) => request<GateDetail>('PUT', `/devices/${id(device)}/gate`, { body, key }),
  approve: (key: string, device: string) => request<void>('POST', `/devices/${id(device)}/gate/approve`, { key }),
  refuse: (key: string, device: string, reason: string) => request<void>('POST', `/devices/${id(device)}/gate/refuse`, { body: { reason }, key }),
  apply: (key: string, device: string) => request<void>('POST', `/devices/${id(device)}/gate/apply`, { key }),
  adopt: (key: string, unknown: string, body: Adoption) => request<GateDetail>('POST', `/gates/unknown/${id(unknown)}/adopt`, { body, key }),
  sites: (device: string, signal?: AbortSignal) => get<Views['GateSitesView']>(`/devices/${id(device)}/sites`, signal),
  putSites: (key: string, device: string, items: Views['GateSiteView'][]) => request<Views['GateSitesView']>('PUT', `/devices/${id(device)}/sites`, { body: { items }, key }),
  aside: (device: string, signal?: AbortSignal) => get<Aside>(`/devices/${id(device)}/quarantine`, signal),
};
