import type { components, paths } from './schema';

/** The bodies of the document by name. */
export type Views = components['schemas'];

/** What a list is narrowed by. */
export type Query = Record<string, string | undefined>;

/** "?q=…&kind=…", or nothing; empty values are left out. */
export function asked(query: Query): string {
  const set = Object.entries(query).filter(([, v]) => v);
  return set.length ? `?${new URLSearchParams(set as [string, string][])}` : '';
}

/** The address of an endpoint of the document; one that is not there does not compile. */
export function at(path: keyof paths, ...ids: (string | number)[]): string {
  return path.replace(/\{\w+\}/g, () => encodeURIComponent(ids.shift()!));
}
