import { computed, readonly, ref, shallowRef } from 'vue';
import { messages, warnings } from '../api/endpoints';
import { inWords } from '../api/problem';
import type { MessageRow, WarningRow } from '../api/types';
import { levelOrder } from '../format/level';
import { onChange } from './live';
import { useSession } from './session';

const rows = shallowRef<WarningRow[]>([]);
const recent = shallowRef<MessageRow[]>([]);
const failure = ref('');
const loaded = ref(false);

let running: Promise<void> | null = null;
let again = false;

/** Reads the lists anew; while one reading is under way further calls ask for one more after it. */
export function refreshInbox(): Promise<void> {
  if (running) {
    again = true;
    return running;
  }
  running = read().finally(() => {
    running = null;
    if (again) {
      again = false;
      void refreshInbox();
    }
  });
  return running;
}

async function read(): Promise<void> {
  try {
    // A site's own people and its supervisor see warnings, not what came in.
    const [open, seen] = await Promise.all([warnings.list('draft,active,expired'), useSession().can('message.see') ? messages.recent() : { items: [] }]);
    rows.value = open.items;
    recent.value = seen.items;
    failure.value = '';
    loaded.value = true;
  } catch (error) {
    failure.value = inWords(error);
  }
}

const newest = (a: WarningRow, b: WarningRow) => b.created_at.localeCompare(a.created_at);

const drafts = computed(() => rows.value.filter((w) => w.state === 'draft').sort(newest));
/** In force, and those that ran out without anybody lifting them. */
const active = computed(() => rows.value.filter((w) => w.state === 'active' || (w.state === 'expired' && w.overdue))
  .sort((a, b) => levelOrder(a.level) - levelOrder(b.level) || newest(a, b)));
/** What came in and led to no warning, with its reasons. */
const notDispatched = computed(() => recent.value.filter((m) => !m.warning_id && m.outcome !== 'accepted'));

export function useInbox() {
  return { drafts, active, notDispatched, failure: readonly(failure), loaded: readonly(loaded) };
}

/** Keeps the lists up to date while the calling component lives. */
export function followInbox(): void {
  void refreshInbox();
  onChange(['warning', 'message'], () => void refreshInbox());
}
