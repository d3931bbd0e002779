import { computed, onScopeDispose, shallowRef, watchEffect } from 'vue';
import type { WarningRow } from '../api/types';

const shown = shallowRef<WarningRow | null>(null);

/** What the panel shows, for the rest of the desk: an exercise is marked on every edge of the screen. */
export function useShown() {
  return { shown, exercise: computed(() => shown.value?.mode === 'exercise') };
}

export function showWhileHere(row: () => WarningRow | null): void {
  watchEffect(() => {
    shown.value = row();
  });
  onScopeDispose(() => {
    shown.value = null;
  });
}
