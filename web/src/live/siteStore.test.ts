import { computed } from 'vue';
import { describe, expect, it } from 'vitest';
import { SiteStore } from './siteStore';

const known = { certain: 5, possible: 0 };

describe('live headcounts', () => {
  it('stand in for what a page has read, and only where something was heard', () => {
    const store = new SiteStore();
    store.apply([{ site_id: 'a', certain: 6, possible: 1 }]);
    expect(store.people('a', known)).toEqual({ certain: 6, possible: 1 });
    expect(store.people('b', known)).toBe(known);
  });

  it('re-render only what shows the changed site', () => {
    const store = new SiteStore();
    store.apply([{ site_id: 'b', certain: 7, possible: 0 }]);
    let runs = 0;
    const shown = computed(() => { runs++; return store.people('b', known).certain; });
    expect(shown.value).toBe(7);
    store.apply([{ site_id: 'a', certain: 1, possible: 0 }, { site_id: 'b', certain: 7, possible: 0 }]);
    expect(shown.value).toBe(7);
    expect(runs).toBe(1);
  });

  it('are forgotten when the line was broken for too long', () => {
    const store = new SiteStore();
    store.apply([{ site_id: 'a', certain: 9, possible: 2 }]);
    store.forget();
    expect(store.people('a', known)).toBe(known);
  });
});
