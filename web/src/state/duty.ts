import { onScopeDispose, readonly, ref, shallowRef, watch } from 'vue';
import { duty } from '../api/desk';
import { Bell, hushAfter, ringEvery, rings, type Hush } from '../live/bell';
import { useBoards } from './boards';
import { useSession } from './session';

const bell = new Bell();
const tookOverAt = ref<number | null>(null);
const sound = ref<'locked' | 'on'>('locked');
const hush = shallowRef<Hush | null>(null);

/** 接班: the first click. It unlocks the sound; until then the desk says that it is mute. */
async function takeOver(now: number): Promise<void> {
  tookOverAt.value ??= now;
  try {
    if (await bell.unlock()) sound.value = 'on';
  } catch {
    sound.value = 'locked'; // this desk has no loudspeaker: it stays shown as trouble
  }
}

/** After the page was loaded anew the duty is still mine: the first touch of anything opens the sound again. */
async function resume(): Promise<void> {
  if (!useSession().can('duty.take')) return; // a section has no duty room
  const tonight = await duty.now().catch(() => null);
  if (!tonight?.mine || tookOverAt.value) return;
  tookOverAt.value = Date.parse(tonight.last!.at);
  const touched = () => {
    stop();
    void takeOver(Date.now());
  };
  const stop = () => touches.forEach((kind) => window.removeEventListener(kind, touched));
  touches.forEach((kind) => window.addEventListener(kind, touched));
}
const touches = ['pointerdown', 'keydown'] as const;

export function useDuty() {
  const { silent } = useBoards();
  return {
    tookOverAt: readonly(tookOverAt), sound: readonly(sound), hush: readonly(hush), takeOver,
    quiet: (reason: string) => { hush.value = { sites: silent.value, reason }; },
  };
}

/** Rings every ten seconds while a site is silent and nobody has named a reason. */
export function keepRinging(): void {
  const { silent } = useBoards();
  void resume();
  const ring = () => rings(silent.value, hush.value) && bell.ring();
  watch(silent, (now, before) => {
    hush.value = hushAfter(hush.value, now);
    if (now > (before ?? 0)) ring();
  });
  const timer = window.setInterval(ring, ringEvery);
  onScopeDispose(() => window.clearInterval(timer));
}
