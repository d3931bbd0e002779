/// <reference lib="webworker" />
// The field page without a network: its own files are kept by version; what is of
// the API goes to the network and nowhere else. The build writes the list.
const worker = self as unknown as ServiceWorkerGlobalScope;

const files: { version: string; list: string[] } = JSON.parse('__FIELD_FILES__');
const cache = `field-${files.version}`;

worker.addEventListener('install', (e) => {
  e.waitUntil(caches.open(cache).then((c) => c.addAll(['/f', ...files.list])));
});

// A new version waits until the person takes it.
worker.addEventListener('message', (e) => {
  if (e.data === 'take over') void worker.skipWaiting();
});

worker.addEventListener('activate', (e) => {
  e.waitUntil(caches.keys()
    .then((all) => Promise.all(all.filter((name) => name.startsWith('field-') && name !== cache).map((name) => caches.delete(name))))
    .then(() => worker.clients.claim()));
});

worker.addEventListener('fetch', (e) => {
  const { pathname, origin } = new URL(e.request.url);
  if (e.request.method !== 'GET' || origin !== location.origin) return;
  if (e.request.mode === 'navigate' && pathname === '/f') e.respondWith(kept('/f', e.request));
  else if (files.list.includes(pathname)) e.respondWith(kept(pathname, e.request));
});

async function kept(name: string, request: Request): Promise<Response> {
  const c = await caches.open(cache);
  return (await c.match(name)) ?? fetch(request);
}
