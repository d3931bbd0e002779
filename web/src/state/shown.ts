import { computed, onScopeDispose, shallowRef, watchEffect } from 'vue';
import type { People, WarningRow } from '../api/types';

/** The people under what is shown, as the panel counts them now. */
const people = shallowRef<People | null>(null);
const shown = shallowRef<WarningRow | null>(null);

/** What the panel shows, for the rest of the desk: an exercise is marked on every edge of the screen. */
export function useShown() {
  return { shown, people, exercise: computed(() => shown.value?.mode === 'exercise') };
}

export function showWhileHere(row: () => WarningRow | null): void {
  watchEffect(() => {
    shown.value = row();
  });
  onScopeDispose(() => {
    shown.value = null;
  });
}

/** Lets the list show the same number as the panel. */
export function sharePeople(of: () => People): void {
  watchEffect(() => {
    people.value = of();
  });
  onScopeDispose(() => {
    people.value = null;
  });
}
