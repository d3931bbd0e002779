import { onScopeDispose, shallowRef, watch } from 'vue';
import { threads, type MusterPerson, type Thread } from '../api/response';
import { unfound } from '../format/roll';
import { useSession } from './session';

export interface MissingAt { thread: Thread; people: MusterPerson[] }

/** At how many sites people are named in the head of a board; each look is written down. */
const sites = 2;

/** Who is missing by name at the worst sites; nobody's name for those who may not see it. */
export function useMissing(worst: () => Thread[]) {
  const found = shallowRef<MissingAt[]>([]);
  const { can } = useSession();
  let turn = 0;

  async function load(): Promise<void> {
    const mine = ++turn;
    const lists = await Promise.allSettled(worst().slice(0, sites).map(async (thread) => ({ thread, people: unfound((await threads.muster(thread.id)).people).missing })));
    if (mine === turn) found.value = lists.flatMap((l) => (l.status === 'fulfilled' ? [l.value] : []));
  }

  watch(() => worst().slice(0, sites).map((t) => `${t.id}/${t.version}`).join(), (key) => {
    if (key && can('person.see')) void load();
    else found.value = [];
  }, { immediate: true });
  onScopeDispose(() => { turn++; });
  return found;
}
