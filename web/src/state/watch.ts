import { onScopeDispose, readonly, ref, shallowRef } from 'vue';
import { watch, type Alarm, type Stray } from '../api/response';
import { inWords } from '../api/problem';
import { useSession } from './session';

const alarms = shallowRef<Alarm[]>([]);
const strays = shallowRef<Stray[]>([]);
const failure = ref('');
const alarmsEvery = 15_000;
/** Looking at replies is written down with the names seen: less often. */
const straysEvery = 60_000;

async function guarded(read: () => Promise<void>): Promise<void> {
  try {
    await read();
    failure.value = '';
  } catch (error) {
    failure.value = inWords(error);
  }
}

export const refreshAlarms = () => guarded(async () => { alarms.value = (await watch.alarms()).items; });
export const refreshStrays = () => guarded(async () => { strays.value = (await watch.strays()).items; });

/** What the watchdog found, and replies that led to nothing. */
export function useWatch() {
  return { alarms, strays, failure: readonly(failure) };
}

/** Keeps both up to date while the calling component lives, as far as one may see them. */
export function followWatch(): void {
  const { can } = useSession();
  const timers: number[] = [];
  for (const [may, refresh, every] of [[can('alarm.see'), refreshAlarms, alarmsEvery], [can('response.call'), refreshStrays, straysEvery]] as const) {
    if (!may) continue;
    void refresh();
    timers.push(window.setInterval(() => void refresh(), every));
  }
  onScopeDispose(() => timers.forEach((t) => window.clearInterval(t)));
}
