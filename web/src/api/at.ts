import type { paths } from './schema';

/** The address of an endpoint of the document; one that is not there does not compile. */
export function at(path: keyof paths, ...ids: (string | number)[]): string {
  return path.replace(/\{\w+\}/g, () => encodeURIComponent(ids.shift()!));
}
