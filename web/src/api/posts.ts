// Posts (岗位) under /api/v1: who answers for a unit, and since when.
import { at, type Views } from './at';
import { get, request } from './client';
import type { PersonRecord } from './registry';

export type Post = Views['PostView'];
export type UnitKind = 'project' | 'section' | 'site';
export interface Held { role: string; seat?: string; from?: string; until?: string | null }

const id = encodeURIComponent;

export const posts = {
  of: (kind: UnitKind, unit: string, over: boolean, signal?: AbortSignal) =>
    get<{ items: Post[] }>(`/posts?unit_kind=${kind}&unit_id=${id(unit)}${over ? '&over=true' : ''}`, signal),
  add: (key: string, person: string, kind: UnitKind, unit: string, held: Held) =>
    request<PersonRecord>('POST', at('/people/{id}/posts', person), { body: { unit_kind: kind, unit_id: unit, ...held }, key }),
  change: (key: string, post: string, version: number, held: Held) => request<PersonRecord>('PUT', at('/posts/{id}', post), { body: { version, ...held }, key }),
};
