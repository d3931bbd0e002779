// Rosters come as files under /api/v1/imports: a workbook, CSV, or GeoJSON of sites.
import { newKey } from './act';
import { at } from './at';
import { upload } from './client';
import type { components } from './schema';

export type ImportResult = components['schemas']['ImportResult'];

export const imports = {
  /** What a file says and what is wrong with it; written only when it is not only tried. */
  send: (kind: string, file: File, how: { tryOnly: boolean; partial: boolean; datum: string }) => upload<ImportResult>(newKey(),
    `${at('/imports/{kind}', kind)}?${new URLSearchParams({ format: /json$/i.test(file.name) ? 'geojson' : 'csv', dry_run: String(how.tryOnly), partial: String(how.partial), ...(how.datum ? { datum: how.datum } : {}) })}`, file),
  templateHref: (kind: string) => `/api/v1${at('/imports/{kind}/template.xlsx', kind)}`,
};
