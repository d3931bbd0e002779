// What passes that came late changed at a site (断网补传), under /api/v1.
import { get } from './client';
import type { components } from './schema';

export type Correction = components['schemas']['CorrectionView'];

export const corrections = {
  of: (site: string, signal?: AbortSignal) => get<{ items: Correction[] }>(`/sites/${encodeURIComponent(site)}/corrections?limit=3`, signal),
};
