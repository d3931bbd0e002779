import { computed } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { readFilter, writeFilter, type BoardFilter } from '../format/boardLines';

/** What the panel is opened for. */
export type Opened = '' | 'call' | 'check';

/** The board's part of the address: the filter, the site that is open, and whether the map is. */
export function useBoardRoute() {
  const route = useRoute();
  const router = useRouter();
  const filter = computed(() => readFilter(route.query));
  const opened = computed(() => (typeof route.query.t === 'string' ? route.query.t : ''));
  const openedFor = computed(() => (['call', 'check'].includes(String(route.query.do)) ? route.query.do : '') as Opened);
  const mapped = computed(() => route.query.map === '1');

  function go(over: Record<string, string | undefined>): void {
    const kept = { ...writeFilter(filter.value), ...(opened.value ? { t: opened.value } : {}), ...over };
    void router.replace({ path: route.path, query: Object.fromEntries(Object.entries(kept).filter(([, v]) => v !== undefined)) });
  }

  return {
    filter, opened, openedFor, mapped,
    open: (id: string, purpose: Opened = '') => go({ t: id, do: purpose || undefined }),
    close: () => go({ t: undefined }),
    toggleMap: () => go({ map: mapped.value ? undefined : '1' }),
    change(part: Partial<BoardFilter>): void {
      const query = writeFilter({ ...filter.value, ...part });
      void router.replace({ path: route.path, query: { ...query, ...(opened.value ? { t: opened.value } : {}), ...(mapped.value ? { map: '1' } : {}) } });
    },
  };
}
