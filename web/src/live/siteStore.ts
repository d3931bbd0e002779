import { shallowReactive } from 'vue';
import type { People, SiteMap, SitePin } from '../api/types';

/**
 * The sites on the map, by id. A row that shows one site depends on that site
 * alone, so a change of headcount re-renders that row and nothing else.
 */
export class SiteStore {
  readonly pins = shallowReactive(new Map<string, SitePin>());
  private dirty = new Set<string>();
  /** Headcounts that arrived while a snapshot was on its way; they are newer than it. */
  private since: Map<string, People> | null = null;

  /** Call before asking for a snapshot. */
  expectSnapshot(): void {
    this.since = new Map();
  }

  /** Replaces everything by a snapshot, then applies what arrived after it was asked for. */
  load(map: SiteMap): void {
    const newer = this.since ?? new Map<string, People>();
    this.since = null;
    const ids = new Set(map.sites.map((s) => s.id));
    for (const id of this.pins.keys()) if (!ids.has(id)) this.pins.delete(id);
    for (const pin of map.sites) this.pins.set(pin.id, { ...pin, ...newer.get(pin.id) });
    this.dirty.clear();
  }

  /** Takes over live headcounts; sites out of sight are ignored. */
  apply(items: { site_id: string; certain: number; possible: number }[]): void {
    for (const { site_id, certain, possible } of items) {
      this.since?.set(site_id, { certain, possible });
      const pin = this.pins.get(site_id);
      if (!pin || (pin.certain === certain && pin.possible === possible)) continue;
      this.pins.set(site_id, { ...pin, certain, possible });
      this.dirty.add(site_id);
    }
  }

  /** The sites that changed since the last call; the map redraws these. */
  drainDirty(): SitePin[] {
    const changed = [...this.dirty].map((id) => this.pins.get(id)).filter((p) => p !== undefined);
    this.dirty.clear();
    return changed;
  }

  /** The people at a site as last heard, or what the caller knows. */
  people(id: string, known: People): People {
    return this.pins.get(id) ?? known;
  }
}
