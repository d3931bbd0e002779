import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import { boards, type BoardSummary } from '../api/response';
import type { WarningRow } from '../api/types';
import { useInbox } from './inbox';
import { onChange } from './live';

export interface BoardState { warning: WarningRow; summary: BoardSummary }

/** The sums of every board that is open, worst first, for the duty bar. */
const list = shallowRef<BoardState[]>([]);
const least = 3000;
const whole = 30_000;

async function read(rows: WarningRow[]): Promise<void> {
  const seen = await Promise.allSettled(rows.map(async (warning) => ({ warning, summary: await boards.summary(warning.id) })));
  // A board that could not be read keeps its last sums: a silence does not end because the line broke.
  const before = new Map(list.value.map((b) => [b.warning.id, b]));
  list.value = seen.flatMap((s, i) => (s.status === 'fulfilled' ? [s.value] : before.get(rows[i]!.id) ?? []))
    .sort((a, b) => silentOf(b) - silentOf(a));
}

const silentOf = (b: BoardState): number => b.summary.by_state.unanswered ?? 0;
const claimsOf = ({ summary: { by_state: n } }: BoardState): number => (n.reported ?? 0) + (n.carried_out ?? 0) + (n.confirmed ?? 0);
const sum = (of: (b: BoardState) => number) => list.value.reduce((n, b) => n + of(b), 0);

/** Sites where nobody answers, and where a claim waits for a look, over all boards. */
export function useBoards() {
  return {
    list, silentOf, claimsOf, silent: computed(() => sum(silentOf)), missing: computed(() => sum((b) => b.summary.people.missing)), claims: computed(() => sum(claimsOf)),
  };
}

/** Keeps the sums up to date while the calling component lives. */
export function followBoards(): void {
  const { active } = useInbox();
  let timer = 0;
  let last = 0;
  function soon(): void {
    timer ||= window.setTimeout(() => {
      timer = 0;
      last = Date.now();
      void read(active.value);
    }, Math.max(0, last + least - Date.now()));
  }
  watch(active, soon, { immediate: true });
  onChange(['response'], soon);
  const again = window.setInterval(soon, whole);
  onScopeDispose(() => {
    window.clearTimeout(timer);
    window.clearInterval(again);
  });
}
