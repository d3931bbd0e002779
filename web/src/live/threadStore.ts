import { computed, ref, shallowReactive, shallowRef } from 'vue';
import type { Thread } from '../api/response';
import { groupOf, rank, urgency, worstFirst, type Group } from '../format/threadState';

/** Whether two readings of a row say the same; the server writes its fields in one order. */
const alike = (a: Thread, b: Thread): boolean => JSON.stringify(a) === JSON.stringify(b);

export interface Place { id: string; rank: number; group: Group }

/**
 * The threads of a board, by id. A row depends on its own thread alone. The
 * order is put right only when the hand is off the table: a row never jumps
 * under the pointer.
 */
export class ThreadStore {
  readonly rows = shallowReactive(new Map<string, Thread>());
  readonly order = shallowRef<Place[]>([]);
  /** Rows that stand elsewhere once the order is put right. */
  readonly moved = ref(0);
  /** Grows with every change, for sums over all rows. */
  readonly tick = ref(0);
  readonly size = computed(() => this.order.value.length);
  private held = false;

  /** The hand is on the table, or has left it. */
  hold(on: boolean, now: number): void {
    this.held = on;
    if (!on && this.moved.value) this.arrange(now);
  }

  /** Takes over rows as the server has them; an older version of a row is not taken over. */
  merge(items: Thread[], now: number): void {
    let changed = 0;
    for (const t of items) {
      const known = this.rows.get(t.id);
      if (known && (known.version > t.version || alike(known, t))) continue;
      this.rows.set(t.id, t);
      changed++;
    }
    if (changed) this.tick.value++;
    this.settle(now);
  }

  /** Drops every row that a whole reading did not have. */
  keep(ids: Set<string>, now: number): void {
    const gone = [...this.rows.keys()].filter((id) => !ids.has(id));
    gone.forEach((id) => this.rows.delete(id));
    if (gone.length) this.tick.value++;
    this.settle(now);
  }

  clear(): void {
    this.rows.clear();
    this.order.value = [];
    this.moved.value = 0;
    this.tick.value++;
  }

  /** Puts the order right now. */
  arrange(now: number): void {
    this.order.value = this.sorted(now);
    this.moved.value = 0;
  }

  private settle(now: number): void {
    if (!this.held || this.order.value.length === 0) this.arrange(now);
    else this.moved.value = this.displaced(now);
  }

  private sorted(now: number): Place[] {
    return [...this.rows.values()]
      .map((t) => urgency(t, now))
      .sort(worstFirst)
      .map((t) => ({ id: t.id, rank: t.rank, group: groupOf(t.rank) }));
  }

  /** Rows that are new, gone or in another class; the shift of the others follows from these. */
  private displaced(now: number): number {
    const was = new Map(this.order.value.map((p) => [p.id, p.rank]));
    let n = 0;
    for (const t of this.rows.values()) {
      if (was.get(t.id) !== rank(t, now)) n++;
      was.delete(t.id);
    }
    return n + was.size;
  }
}
