import { onScopeDispose, readonly, ref, shallowRef } from 'vue';
import { sites } from '../api/endpoints';
import { inWords } from '../api/problem';
import { SiteStore } from '../live/siteStore';
import { LiveStream, type Phase } from '../live/stream';

export const siteStore = new SiteStore();

const phase = ref<Phase>('idle');
const heardAt = ref(0);
const asOf = shallowRef('');
const failure = ref('');
/** Grows with every snapshot, so that the map knows to redraw all of it. */
const snapshot = ref(0);

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
      if (noun === 'site') refreshSites();
      tell(noun, id);
    },
    headcount: (items) => siteStore.apply(items),
    reset() {
      void loadSites();
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

let pending: ReturnType<typeof setTimeout> | undefined;

/** Many sites can change at once (an import); one new snapshot a second is enough. */
function refreshSites(): void {
  pending ??= setTimeout(() => {
    pending = undefined;
    void loadSites();
  }, 1000);
}

async function loadSites(): Promise<number | null> {
  siteStore.expectSnapshot();
  try {
    const map = await sites.map();
    siteStore.load(map);
    asOf.value = map.as_of;
    snapshot.value++;
    failure.value = '';
    return map.seq;
  } catch (error) {
    failure.value = inWords(error);
    return null;
  }
}

/** Reads the map and follows every change after it. */
export async function startLive(): Promise<void> {
  const seq = await loadSites();
  stream.start(seq === null ? '' : String(seq));
}

export function stopLive(): void {
  stream.stop();
  phase.value = 'idle';
}

export function useLive() {
  return { phase: readonly(phase), heardAt: readonly(heardAt), asOf: readonly(asOf), failure: readonly(failure), snapshot: readonly(snapshot) };
}

/** Calls back when one of these nouns changed: with its id, or null when anything may have changed. */
export function onChange(nouns: string[], listener: Listener): void {
  for (const noun of nouns) {
    if (!listeners.has(noun)) listeners.set(noun, new Set());
    listeners.get(noun)!.add(listener);
  }
  onScopeDispose(() => nouns.forEach((noun) => listeners.get(noun)?.delete(listener)));
}
