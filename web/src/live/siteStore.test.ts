import { computed } from 'vue';
import { describe, expect, it } from 'vitest';
import type { SitePin } from '../api/types';
import { SiteStore } from './siteStore';

const pin = (id: string, certain = 0, possible = 0): SitePin => ({
  id, name: id, kind: 'residence_own', sleeps: true, at_risk: false, lon: 103, lat: 31, certain, possible,
});
const map = (...sites: SitePin[]) => ({ as_of: '', seq: 1, sites });

describe('the sites on the map', () => {
  it('takes over live headcounts and tells the map which sites changed, once', () => {
    const store = new SiteStore();
    store.load(map(pin('a', 5), pin('b', 7)));
    store.apply([{ site_id: 'a', certain: 6, possible: 1 }, { site_id: 'b', certain: 7, possible: 0 }]);
    expect(store.drainDirty().map((p) => [p.id, p.certain, p.possible])).toEqual([['a', 6, 1]]);
    expect(store.drainDirty()).toEqual([]);
  });

  it('re-renders only what shows the changed site', () => {
    const store = new SiteStore();
    store.load(map(pin('a', 5), pin('b', 7)));
    let runs = 0;
    const shown = computed(() => { runs++; return store.people('b', { certain: 0, possible: 0 }).certain; });
    expect(shown.value).toBe(7);
    store.apply([{ site_id: 'a', certain: 1, possible: 0 }]);
    expect(shown.value).toBe(7);
    expect(runs).toBe(1);
  });

  it('keeps headcounts that arrived while the snapshot was on its way', () => {
    const store = new SiteStore();
    store.load(map(pin('a', 5)));
    store.expectSnapshot();
    store.apply([{ site_id: 'a', certain: 9, possible: 2 }, { site_id: 'new', certain: 4, possible: 0 }]);
    store.load(map(pin('a', 5), pin('new', 0)));
    expect(store.pins.get('a')).toMatchObject({ certain: 9, possible: 2 });
    expect(store.pins.get('new')).toMatchObject({ certain: 4 });
  });

  it('drops sites that are no longer there, and ignores those out of sight', () => {
    const store = new SiteStore();
    store.load(map(pin('a'), pin('b')));
    store.load(map(pin('b')));
    store.apply([{ site_id: 'elsewhere', certain: 9, possible: 0 }]);
    expect([...store.pins.keys()]).toEqual(['b']);
  });
});
