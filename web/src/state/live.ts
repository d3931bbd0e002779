import { onScopeDispose, readonly, ref } from 'vue';
import { SiteStore } from '../live/siteStore';
import { LiveStream, type Phase } from '../live/stream';

export const siteStore = new SiteStore();

const phase = ref<Phase>('idle');
const heardAt = ref(0);
/** Grows when headcounts or sites changed, so that the map asks whether its tiles still hold. */
const moved = ref(0);

type Listener = (id: string | null) => void;
const listeners = new Map<string, Set<Listener>>();

const stream = new LiveStream(
  {
    open: (lastEventId, signal) => fetch('/api/v1/stream', {
      headers: { Accept: 'text/event-stream', ...(lastEventId ? { 'Last-Event-ID': lastEventId } : {}) },
      credentials: 'same-origin', cache: 'no-store', signal,
    }),
    now: Date.now,
    after(ms, callback) {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
  },
  {
    change({ noun, id }) {
      if (noun === 'site') moved.value++;
      tell(noun, id);
    },
    headcount(items) {
      siteStore.apply(items);
      moved.value++;
    },
    reset() {
      siteStore.forget();
      moved.value++;
      for (const noun of listeners.keys()) tell(noun, null);
    },
    state(now, heard) {
      phase.value = now;
      heardAt.value = heard;
    },
  },
);

function tell(noun: string, id: string | null): void {
  listeners.get(noun)?.forEach((listener) => listener(id));
}

/** Follows every change from now on. What was read before the line stood is read again with the server's greeting. */
export function startLive(): void {
  stream.start('');
  window.addEventListener('pagehide', hide);
  window.addEventListener('pageshow', show);
}

// A page that the browser keeps for "back" would hold its line, and over plain
// http a browser has six for a server: the seventh page would get none.
const hide = () => stream.stop();
const show = (event: PageTransitionEvent) => { if (event.persisted) stream.start(); };

export function stopLive(): void {
  window.removeEventListener('pagehide', hide);
  window.removeEventListener('pageshow', show);
  stream.stop();
  phase.value = 'idle';
}

export function useLive() {
  return { phase: readonly(phase), heardAt: readonly(heardAt), moved: readonly(moved) };
}

/** Calls back when one of these nouns changed: with its id, or null when anything may have changed. */
export function onChange(nouns: string[], listener: Listener): void {
  for (const noun of nouns) {
    if (!listeners.has(noun)) listeners.set(noun, new Set());
    listeners.get(noun)!.add(listener);
  }
  onScopeDispose(() => nouns.forEach((noun) => listeners.get(noun)?.delete(listener)));
}
