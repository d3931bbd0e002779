// QR check-in points (扫码点) of a site and what was scanned there, under /api/v1.
import { asked, at, type Views } from './at';
import { get, request } from './client';

export type Point = Views['CheckinPointView'];
export type NewPoint = Views['AddCheckinPointRequestBody'];
export type Scan = Views['CheckinView'];

export const checkin = {
  points: (site: string, signal?: AbortSignal) => get<{ items: Point[] }>(at('/sites/{id}/checkin-points', site), signal),
  /** The address of a screen is in this answer and in no other. */
  add: (key: string, site: string, body: NewPoint) => request<Point>('POST', at('/sites/{id}/checkin-points', site), { body, key }),
  close: (point: string) => request<void>('DELETE', at('/checkin-points/{id}', point)),
  posterHref: (point: string) => `/api/v1${at('/checkin-points/{id}/poster', point)}`,
  /** Those of two days, the latest first; the server stops at 200. */
  scans: (site: string, doubtful: boolean, signal?: AbortSignal) => get<{ items: Scan[] }>(`${at('/sites/{id}/checkins', site)}${asked({ flagged: doubtful ? 'true' : '' })}`, signal),
};
