import { computed, onScopeDispose, shallowRef, watchEffect } from 'vue';
import type { People, WarningRow } from '../api/types';

/** The people under what is shown, as the panel counts them now. */
const people = shallowRef<People | null>(null);
const shown = shallowRef<WarningRow | null>(null);
/** The mode of what is shown where no one warning is: a form that is filled in, a queue of several. */
const mode = shallowRef<string | null>(null);

/** What the panel shows, for the rest of the desk: an exercise is marked on every edge of the screen. */
export function useShown() {
  return { shown, people, exercise: computed(() => (shown.value?.mode ?? mode.value) === 'exercise') };
}

export function showWhileHere(row: () => WarningRow | null): void {
  watchEffect(() => {
    shown.value = row();
  });
  onScopeDispose(() => {
    shown.value = null;
  });
}

/** Says in which mode the page works, while it has no warning of its own. */
export function showModeWhileHere(of: () => string | null): void {
  watchEffect(() => {
    mode.value = of();
  });
  onScopeDispose(() => {
    mode.value = null;
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
