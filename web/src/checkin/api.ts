import type { Said } from './queue.ts';
import type { Scan, Scanned, State } from './types.ts';

/** What the server refused, in its words. */
export class Refused extends Error {
  constructor(readonly status: number, readonly code: string, text: string) {
    super(text);
  }
}

const patience = 12_000;

async function ask<T>(path: string, body?: unknown): Promise<T> {
  const init: RequestInit = { signal: AbortSignal.timeout(patience), credentials: 'same-origin' };
  if (body !== undefined) Object.assign(init, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  const answer = await fetch(path, init);
  if (answer.ok) return (await answer.json()) as T;
  const problem = (await answer.json().catch(() => ({}))) as { code?: string; detail?: string };
  throw new Refused(answer.status, problem.code ?? '', problem.detail ?? '没有办成，请再试一次');
}

export const state = (point: string): Promise<State> => ask(`/c/${point}/state`);
export const team = (point: string): Promise<{ people: { id: string; name: string }[] }> => ask(`/c/${point}/team`);
export const confirmName = (point: string, name: string, digits: string): Promise<State> => ask(`/c/${point}/confirm`, { name, digits });
export const askCode = (point: string): Promise<{ again_s: number }> => ask(`/c/${point}/code`, {});
export const prove = (point: string, typed: string): Promise<State> => ask(`/c/${point}/prove`, { code: typed });
export const forget = (point: string): Promise<State> => ask(`/c/${point}/forget`, {});

/** Sends a scan; what may work later is 'later'. */
export async function send(scan: Scan): Promise<Said> {
  const { point, ...body } = scan;
  try {
    const answer = await ask<Scanned>(`/c/${point}/scans`, { ...body, now: new Date().toISOString() });
    return { scan, answer };
  } catch (e) {
    if (!(e instanceof Refused) || e.status >= 500 || e.status === 429 || e.status === 408) return 'later';
    if (e.status === 401) return 'unconfirmed';
    return { scan, refused: e.message };
  }
}
