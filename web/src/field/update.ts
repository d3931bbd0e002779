import { readonly, ref, shallowRef } from 'vue';

const waiting = shallowRef<ServiceWorker | null>(null);
const offline = ref('');

/**
 * Lets the page open without a network, and tells when a new version waits. It is
 * taken when the person says so: nothing reloads by itself in an alert.
 */
export async function watchForUpdates(): Promise<void> {
  if (!('serviceWorker' in navigator)) {
    offline.value = isSecureContext ? '这个浏览器不能离线打开本页' : '没有 https，断网后打不开本页；请按说明信任证书';
    return;
  }
  try {
    const registration = await navigator.serviceWorker.register('/field-sw.js', { scope: '/f', updateViaCache: 'none' });
    const look = (): void => { if (registration.waiting && navigator.serviceWorker.controller) waiting.value = registration.waiting; };
    look();
    registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look));
    setInterval(() => void registration.update().catch(() => {}), 3600_000);
  } catch {
    offline.value = '断网后打不开本页：浏览器不接受这张证书';
  }
}

/** Takes the new version now. */
export function update(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  waiting.value?.postMessage('take over');
}

export const useUpdate = () => ({ waiting: readonly(waiting), offline: readonly(offline) });
