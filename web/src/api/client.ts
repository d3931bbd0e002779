import { ApiProblem, type ProblemBody } from './problem';

const base = '/api/v1';

interface Options {
  body?: unknown;
  /** A file that is sent as it is. */
  file?: Blob;
  /** Idempotency key of the user's act; the same for every retry of it. */
  key?: string;
  signal?: AbortSignal;
}

let onSignedOut: () => void = () => {};

/** Called when any request finds that nobody is signed in any more. */
export function whenSignedOut(handler: () => void): void {
  onSignedOut = handler;
}

/** Sends one request and returns the decoded answer; throws ApiProblem, or AbortError when cancelled. */
export async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  return decoded<T>(path, await send(method, path, options));
}

async function decoded<T>(path: string, response: Response): Promise<T> {
  if (response.ok) {
    return (response.status === 204 ? undefined : await response.json()) as T;
  }
  if (response.status === 401 && path !== '/session') onSignedOut();
  throw new ApiProblem(response.status, await problemBody(response), retryAfter(response));
}

export const get = <T>(path: string, signal?: AbortSignal) => request<T>('GET', path, { signal });

export const upload = <T>(key: string, path: string, file: Blob) => request<T>('POST', path, { file, key });

/** Sends a file and tells how much of it has left (0 to 1): fetch cannot say that. */
export async function watchedUpload<T>(path: string, file: Blob, sent: (part: number) => void): Promise<T> {
  const answer = await new Promise<{ status: number; text: string }>((done, failed) => {
    const xhr = new XMLHttpRequest();
    xhr.open('POST', base + path);
    xhr.setRequestHeader('Accept', 'application/json');
    xhr.setRequestHeader('Content-Type', 'application/octet-stream');
    xhr.upload.onprogress = (e) => { if (e.lengthComputable) sent(e.loaded / e.total); };
    xhr.onload = () => done({ status: xhr.status, text: xhr.responseText });
    xhr.onerror = () => failed(new ApiProblem(0, {}));
    xhr.send(file);
  });
  return decoded<T>(path, new Response(answer.text, { status: answer.status || 599 }));
}

async function send(method: string, path: string, { body, file, key, signal }: Options): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (file) headers['Content-Type'] = file.type || 'application/octet-stream';
  if (key) headers['Idempotency-Key'] = key;
  try {
    return await fetch(base + path, {
      method, headers, signal, credentials: 'same-origin',
      body: file ?? (body === undefined ? undefined : JSON.stringify(body)),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiProblem(0, {});
  }
}

async function problemBody(response: Response): Promise<ProblemBody> {
  try {
    return (await response.json()) as ProblemBody;
  } catch {
    return {};
  }
}

function retryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get('Retry-After'));
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}
