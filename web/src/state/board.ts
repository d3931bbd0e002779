import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import { boards, type BoardSummary, type Thread } from '../api/response';
import { warnings } from '../api/endpoints';
import { inWords } from '../api/problem';
import type { Warning } from '../api/types';
import { boardSums } from '../format/boardLines';
import { stateLook } from '../format/threadState';
import { Follower } from '../live/follow';
import { ThreadStore } from '../live/threadStore';
import { onChange } from './live';
import { useNow } from './now';

// The head, the table, the map and the panel of a board show one answer: there is one board at a time.
const store = new ThreadStore();
const warning = shallowRef<Warning | null>(null);
const summary = shallowRef<BoardSummary | null>(null);
const asOf = ref('');
const total = ref(0);
const problem = ref('');
const loaded = ref(false);
const said = ref('');
/** Where the hand is in the table: a row, not yet opened. */
const cursor = ref('');

const bySite = (site: string): Thread | undefined => [...store.rows.values()].find((t) => t.site_id === site);

export function useBoard() {
  return { store, warning, summary, asOf, total, problem, loaded, said, cursor, bySite };
}

/** How often everything is read anew even when nothing was heard: next climbs are not announced. */
const whole = 20_000;

/** Reads the board of a warning and keeps it up to date while the calling component lives. */
export function openBoard(id: () => string): { reload(): void } {
  const now = useNow();
  let follower: Follower | null = null;

  function take(items: Thread[]): void {
    const moved = items.filter((t) => store.rows.has(t.id) && store.rows.get(t.id)!.state !== t.state && store.rows.get(t.id)!.version <= t.version);
    store.merge(items, now.value);
    if (moved.length) said.value = moved.slice(0, 5).map((t) => `${t.site_name} ${stateLook(t.state, t.state_label).label}`).join('，') + (moved.length > 5 ? `，共 ${moved.length} 处变动` : '');
  }

  function follow(board: string): Follower {
    return new Follower({
      page: (mark, limit) => boards.page(board, mark, limit),
      take,
      whole(ids) {
        store.keep(ids, now.value);
        loaded.value = true;
      },
      knows: (thread) => store.rows.has(thread),
      failed: (error) => { problem.value = inWords(error); },
      read(page) {
        asOf.value = page.as_of;
        total.value = page.total;
        problem.value = '';
      },
      now: Date.now,
      after(ms, callback) {
        const timer = setTimeout(callback, ms);
        return () => clearTimeout(timer);
      },
    });
  }

  async function readRest(board: string): Promise<void> {
    try {
      const [w, s] = await Promise.all([warnings.one(board), boards.summary(board)]);
      if (board !== id()) return;
      warning.value = w;
      summary.value = s;
    } catch (error) {
      problem.value = inWords(error);
    }
  }

  function reload(): void {
    follower?.readAll();
    void readRest(id());
  }

  function leave(): void {
    follower?.stop();
    store.clear();
    warning.value = null;
    summary.value = null;
    loaded.value = false;
    said.value = '';
    cursor.value = '';
    total.value = 0;
  }

  watch(id, (board) => {
    leave();
    follower = follow(board);
    reload();
  }, { immediate: true });

  onChange(['response'], (thread) => (thread === null ? follower?.readAll() : follower?.touch(thread)));
  onChange(['warning'], (changed) => {
    if (changed === null || changed === id()) reload();
  });
  const timer = window.setInterval(reload, whole);
  onScopeDispose(() => {
    window.clearInterval(timer);
    leave();
  });
  return { reload };
}

/** What the head says, of the same rows as the table. */
export function useBoardSums() {
  const now = useNow();
  return computed(() => {
    void store.tick.value;
    return boardSums(store.rows.values(), now.value);
  });
}
