/// <reference lib="webworker" />
// The page of who scans, without a network: a phone that has been here before can
// keep a scan until there is one. What is asked of the server goes to the network.
const worker = self as unknown as ServiceWorkerGlobalScope;
const cache = 'checkin-1';
const shell = '/c/shell';

worker.addEventListener('install', (e) => {
  e.waitUntil(keepShell().then(() => worker.skipWaiting()));
});

worker.addEventListener('activate', (e) => {
  e.waitUntil(worker.clients.claim());
});

/** Keeps the page and what it names. */
async function keepShell(): Promise<void> {
  const c = await caches.open(cache);
  const answer = await fetch(shell);
  if (!answer.ok) throw new Error('no page');
  const named = [...(await answer.clone().text()).matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].flatMap((m) => m[1] ?? []);
  await c.put(shell, answer);
  await c.addAll(named);
}

worker.addEventListener('fetch', (e) => {
  const { pathname, origin } = new URL(e.request.url);
  if (e.request.method !== 'GET' || origin !== location.origin) return;
  if (e.request.mode === 'navigate' && /^\/c\/[^/]+$/.test(pathname)) e.respondWith(page(e.request));
  else if (pathname.startsWith('/assets/')) e.respondWith(asset(e.request));
});

/** The page of now where there is a network, else the one that was kept. */
async function page(request: Request): Promise<Response> {
  const kept = await (await caches.open(cache)).match(shell);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(5000) });
    if (answer.ok) void keepShell().catch(() => undefined);
    return answer;
  } catch (e) {
    if (kept) return kept;
    throw e;
  }
}

async function asset(request: Request): Promise<Response> {
  const c = await caches.open(cache);
  const kept = await c.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await c.put(request, answer.clone());
  return answer;
}

export {};
