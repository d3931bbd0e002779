// Standing authorisations (常设授权) under /api/v1.
import type { Views } from './at';
import { get, request } from './client';

export type Signed = Omit<Views['SignedView'], 'revoked'> & { revoked: Views['RevokedView'] | null };
export type SignIn = Views['SignStandingRequestBody'];
export type Feed = Views['FeedView'];

const path = '/standing-authorisations';

export const standing = {
  list: (over: boolean) => get<{ items: Signed[] }>(`${path}${over ? '?over=true' : ''}`),
  sign: (key: string, body: SignIn) => request<Signed>('POST', path, { body, key }),
  revoke: (key: string, id: string, reason: string) => request<Signed>('POST', `${path}/${encodeURIComponent(id)}/revoke`, { body: { reason }, key }),
  feeds: () => get<{ items: Feed[] }>('/feeds'),
};
