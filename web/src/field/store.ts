import { computed, ref, shallowRef, type Ref } from 'vue';
import { newKey } from '../api/act';
import { LiveStream, type Phase } from '../live/stream';
import { call, deliver, get, Refusal, whenClockKnown } from './api';
import type { Offset } from './clock';
import { Outbox, type Kept } from './outbox';
import { forgetAll, recall, remember, shelf } from './shelf';
import { stamped, stampedPath } from './stamp';
import { alerts as alertsOf, asKnownHere, byNeed } from './step';
import { notTaken } from './truth';
import type { Me, Notice, Pin, Thread } from './types';

// What the phone knows: the server's last word, and what was done here since.
const me = shallowRef<Me | null>(null);
const told = shallowRef<Thread[]>([]);
const notices = shallowRef<Notice[]>([]);
const pins = shallowRef<Pin[]>([]);
/** When the duty room last told, by its own clock (ms). */
const toldAt = ref(0);
const kept = shallowRef<Kept[]>([]);
const nextTryAt = ref(0);
const phase = ref<Phase>('idle');
const offset = shallowRef<Offset | null>(null);
const opened = ref(false);
/** Somebody has to sign in again; what waits is kept. */
const signedOut = ref(false);

whenClockKnown((o) => {
  offset.value = o;
  void remember('offset', o);
});

/** Now, by the server's clock as far as it is known. */
export const serverNow = (): number => Date.now() + (offset.value?.ms ?? 0);

const outbox = new Outbox({
  shelf,
  async stamp(k) {
    if (!offset.value) await get('/session').catch(() => undefined); // only for its Date
    if (!offset.value) return null;
    if (k.file) return { ...k, stamped: true, path: stampedPath(k.path, k.takenAt, offset.value) };
    return { ...k, stamped: true, body: stamped(k.path, k.body, k.phoneAt, offset.value) };
  },
  send: async (k, signal) => (k.by === me.value?.id ? deliver(k, signal) : { kind: 'refused', said: '别人登录时做的，没有代发' }),
  changed(list) {
    const before = reachedOf(kept.value);
    kept.value = list;
    nextTryAt.value = outbox.nextAt;
    if (reachedOf(list) > before) refresh();
  },
  now: Date.now,
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  async alone(work) {
    if (!navigator.locks) {
      await work();
      return true;
    }
    return navigator.locks.request('muster-outbox', { ifAvailable: true }, async (lock) => {
      if (lock) await work();
      return lock !== null;
    });
  },
});

const reachedOf = (list: Kept[]): number => list.filter((k) => k.truth === 'reached').length;

const stream = new LiveStream(
  {
    open: (last, signal) => fetch('/api/v1/stream', {
      headers: { Accept: 'text/event-stream', ...(last ? { 'Last-Event-ID': last } : {}) }, credentials: 'same-origin', cache: 'no-store', signal,
    }),
    now: Date.now,
    after(ms, callback) {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
  },
  {
    change: () => refresh(),
    headcount: () => refresh(),
    reset: () => refresh(),
    state(now) {
      const back = now === 'live' && phase.value === 'lost';
      phase.value = now;
      if (back) {
        refresh();
        void outbox.flush();
      }
    },
  },
);

let planned: ReturnType<typeof setTimeout> | undefined;

/** Reads anew, at most twice a second. */
export function refresh(): void {
  planned ??= setTimeout(() => {
    planned = undefined;
    void read();
  }, 500);
}

async function read(): Promise<void> {
  try {
    const [mine, news, map] = await Promise.all([
      get<{ as_of: string; items: Thread[] }>('/me/responses?limit=500'), get<{ items: Notice[] }>('/me/notices'), get<{ sites: Pin[] }>('/map'),
    ]);
    told.value = mine.items;
    notices.value = news.items;
    pins.value = map.sites;
    toldAt.value = Date.parse(mine.as_of);
    signedOut.value = false;
    await remember('told', { told: mine.items, notices: news.items, pins: map.sites, toldAt: toldAt.value });
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) signedOut.value = true;
  }
}

interface Last { told: Thread[]; notices: Notice[]; pins: Pin[]; toldAt: number }

/** Begins: first with what the phone remembers, then with what the server says. */
export async function begin(): Promise<void> {
  const [last, who, clock] = await Promise.all([recall<Last>('told'), recall<Me>('me'), recall<Offset>('offset')]).catch(() => []);
  if (clock) offset.value ??= clock.value;
  if (last && who) {
    ({ told: told.value, notices: notices.value, pins: pins.value, toldAt: toldAt.value } = last.value);
    me.value = who.value;
  }
  try {
    await signedInAs(await get<Me>('/session'));
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) {
      signedOut.value = me.value !== null;
      me.value = null;
    } else if (me.value) stream.start();
  }
  opened.value = true;
  await outbox.open().catch(() => {});
  addEventListener('online', wake);
  addEventListener('offline', () => {
    stream.stop();
    phase.value = 'lost';
  });
  addEventListener('visibilitychange', () => document.visibilityState === 'visible' && wake());
}

/** The network may be back: try at once. */
export function wake(): void {
  if (!me.value) return;
  if (phase.value !== 'live') stream.start();
  refresh();
  void outbox.flush();
}

export async function signedInAs(who: Me): Promise<void> {
  me.value = who;
  signedOut.value = false;
  await remember('me', who);
  await read();
  stream.start();
  outbox.resume();
}

export async function signOut(): Promise<void> {
  await call('DELETE', '/session');
  stream.stop();
  await forgetAll();
  me.value = null;
  told.value = notices.value = pins.value = [];
}

/** `phoneAt`: when it was done, by this phone's clock, if that is not now. */
export interface Doing { path: string; body?: unknown; file?: Blob; takenAt?: number; title: string; about: Kept['about']; phoneAt?: number }

/** Does a thing: keeps it on this phone and sends it as soon as it can. */
export function doing(d: Doing): Promise<void> {
  // as it will be sent: the phone's store takes none of Vue's proxies
  const body: unknown = d.body === undefined ? undefined : JSON.parse(JSON.stringify(d.body));
  return outbox.keep({ id: newKey(), method: 'POST', phoneAt: Date.now(), by: me.value!.id, ...d, body });
}

export const tryNow = (): void => void outbox.flush();

const threads = computed(() => told.value.map((t) => asKnownHere(t, kept.value)).sort(byNeed));

const lookAt = <T>(r: Ref<T>) => computed(() => r.value);

const shown = {
  me: lookAt(me), threads, alerts: computed(() => alertsOf(threads.value)), told: lookAt(told), notices: lookAt(notices), pins: lookAt(pins),
  toldAt: lookAt(toldAt), phase: lookAt(phase), offset: lookAt(offset), opened: lookAt(opened), signedOut: lookAt(signedOut),
  kept: lookAt(kept), nextTryAt: lookAt(nextTryAt),
  waiting: computed(() => kept.value.filter((k) => k.truth === 'kept' || k.truth === 'sending')),
  notTaken: computed(() => notTaken(kept.value)),
  /** Who stands at the site, and does not only answer for it from elsewhere. */
  onSite: computed(() => me.value?.roles.some((r) => r.role === 'site_lead') ?? false),
  may: (permission: string): boolean => me.value?.permissions.includes(permission) ?? false,
};

/** What the phone knows, for looking at. */
export const useStore = () => shown;
