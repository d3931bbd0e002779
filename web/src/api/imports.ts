// Rosters come as files under /api/v1/imports: a workbook, CSV, or GeoJSON of sites.
import { asked, at, type Views } from './at';
import { watchedUpload } from './client';

export type ImportResult = Views['ImportResult'];

/** A file as it was when it was chosen: what is written is what was looked at. */
export interface ImportFile { name: string; size: number; bytes: Blob }
export interface ImportHow { tryOnly: boolean; partial: boolean; datum: string }

const flag = (set: boolean) => (set ? 'true' : undefined);

export const imports = {
  /** What a file says and what is wrong with it; written only when it is not only tried. */
  send: (kind: string, file: ImportFile, how: ImportHow, sent: (part: number) => void) => watchedUpload<ImportResult>(
    at('/imports/{kind}', kind) + asked({ format: /json$/i.test(file.name) ? 'geojson' : 'csv', dry_run: flag(how.tryOnly), partial: flag(how.partial), datum: how.datum }), file.bytes, sent),
  templateHref: (kind: string) => `/api/v1${at('/imports/{kind}/template.xlsx', kind)}`,
};
