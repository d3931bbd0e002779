import { shallowReactive } from 'vue';
import type { People } from '../api/types';

export interface SiteCount extends People { site_id: string }

/**
 * The headcounts that the stream brought since the page was opened. A row that
 * shows one site depends on that site alone, so a change re-renders that row and
 * nothing else. What was never heard of is as the page's own answer says.
 */
export class SiteStore {
  private readonly heard = shallowReactive(new Map<string, People>());

  /** Takes over live headcounts. */
  apply(items: SiteCount[]): void {
    for (const { site_id, certain, possible } of items) {
      const before = this.heard.get(site_id);
      if (before?.certain !== certain || before.possible !== possible) this.heard.set(site_id, { certain, possible });
    }
  }

  /** The line was broken too long: answers that are read now are newer than all of this. */
  forget(): void {
    this.heard.clear();
  }

  /** The people at a site as last heard, or what the caller knows. */
  people(id: string, known: People): People {
    return this.heard.get(id) ?? known;
  }
}
