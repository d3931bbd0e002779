import { measure, type Offset } from './clock';
import type { Kept, Outcome } from './outbox';
import type { Reported, Standings } from './types';

const base = '/api/v1';

/** The server said no, or nothing was heard (status 0). */
export class Refusal extends Error {
  constructor(readonly status: number, readonly code: string, text: string, readonly retryAfterMs?: number) {
    super(text);
  }
}

type Listener = (offset: Offset) => void;
let onClock: Listener = () => {};

/** Every answer tells the time: here who hears it. */
export function whenClockKnown(listener: Listener): void {
  onClock = listener;
}

async function send(method: string, path: string, init: RequestInit): Promise<Response> {
  const sentAt = Date.now();
  let answer: Response;
  try {
    answer = await fetch(base + path, { method, credentials: 'same-origin', cache: 'no-store', ...init });
  } catch {
    throw new Refusal(0, '', '没有网络，没有收到值班室的回答');
  }
  const offset = measure(answer.headers.get('Date'), sentAt, Date.now());
  if (offset) onClock(offset);
  if (answer.ok) return answer;
  const problem = (await answer.json().catch(() => ({}))) as { detail?: string; code?: string; errors?: { message?: string; mend?: string }[] };
  const details = (problem.errors ?? []).map((e) => [e.message, e.mend].filter(Boolean).join('，')).filter(Boolean);
  const wait = Number(answer.headers.get('Retry-After'));
  throw new Refusal(answer.status, problem.code ?? '', [problem.detail ?? `没有成功（${answer.status}）`, ...details].join('；'), wait > 0 ? wait * 1000 : undefined);
}

export async function get<T>(path: string): Promise<T> {
  return (await send('GET', path, { headers: { Accept: 'application/json' } })).json() as Promise<T>;
}

/** For what is not an act of duty: signing in and out. Acts go through the outbox. */
export async function call<T>(method: string, path: string, body?: unknown, key?: string): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Content-Type': 'application/json', ...(key ? { 'Idempotency-Key': key } : {}) };
  const answer = await send(method, path, { headers, body: body === undefined ? undefined : JSON.stringify(body) });
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

/** Brings one kept thing to the duty room. */
export async function deliver(k: Kept, signal: AbortSignal): Promise<Outcome> {
  const headers = { Accept: 'application/json', 'Idempotency-Key': k.id, 'Content-Type': k.file ? k.file.type : 'application/json' };
  try {
    const answer = await send(k.method, k.path, { headers, signal, body: k.file ?? JSON.stringify(k.body ?? {}) });
    const body = answer.status === 204 ? {} : ((await answer.json()) as Partial<Standings & Reported>);
    return { kind: 'reached', at: answer.headers.get('Date') ?? new Date().toISOString(), said: body.entered?.length ? body.words! : unchanged(body) };
  } catch (error) {
    return error instanceof Refusal ? outcomeOf(error) : { kind: 'again' };
  }
}

/** Why an act changed nothing at some of its sites, in the server's words. */
const unchanged = (s: Partial<Standings>): string =>
  [...new Set((s.items ?? []).filter((i) => !i.changed && i.why).map((i) => i.why))].join('；');

/** Whether the same may be sent again, or the answer is final. */
export function outcomeOf(r: Refusal): Outcome {
  if (r.status === 401) return { kind: 'signedOut' };
  if (r.status === 0 || r.status === 408 || r.status === 429 || r.status >= 500) return { kind: 'again', afterMs: r.retryAfterMs };
  return { kind: 'refused', said: r.message };
}
