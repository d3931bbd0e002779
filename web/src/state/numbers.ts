import { onScopeDispose, ref, shallowRef, watch } from 'vue';
import { inWords } from '../api/problem';
import { numbers, type Numbers } from '../api/people';
import { onChange, siteStore } from './live';

const nobody = { certain: 0, possible: 0 };
/** At a busy gate people pass every second; these numbers are read again at most this often, in ms. */
const least = 3000;

/** The numbers of one site, read again when its people move or its register changes. */
export function useNumbers(site: () => string) {
  const found = shallowRef<Numbers | null>(null);
  const problem = ref('');
  let abort: AbortController | undefined;
  let timer = 0;

  async function load(): Promise<void> {
    abort?.abort();
    const mine = (abort = new AbortController());
    try {
      found.value = await numbers.now(site(), mine.signal);
      problem.value = '';
    } catch (error) {
      if (!mine.signal.aborted) problem.value = inWords(error);
    }
  }
  function soon(): void {
    timer ||= window.setTimeout(() => {
      timer = 0;
      void load();
    }, least);
  }
  watch(site, () => {
    found.value = null;
    void load();
  }, { immediate: true });
  watch(() => siteStore.people(site(), nobody), soon);
  onChange(['site'], (id) => {
    if (id === null || id === site()) void load();
  });
  onScopeDispose(() => {
    abort?.abort();
    window.clearTimeout(timer);
  });
  return { found, problem, load };
}
