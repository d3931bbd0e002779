import type { BoardPage, Thread } from '../api/response';

export interface FollowDeps {
  page(cursor: string, limit: number): Promise<BoardPage>;
  take(items: Thread[]): void;
  /** A whole reading has ended: these are all the rows there are. */
  whole(ids: Set<string>): void;
  knows(id: string): boolean;
  failed(error: unknown): void;
  /** The server was read: its time, and how many rows there are. */
  read(page: BoardPage): void;
  now(): number;
  after(ms: number, callback: () => void): () => void;
}

/** At most one reading a second, and never more than a third of the time is spent reading. */
export const pause = 1000;
const first = 200;
const rest = 500;

/**
 * Keeps a board up to date. Changed rows are collected and read at most once a
 * second, page by page from the worst, until all of them have been seen; other
 * rows are left as they are. A whole reading goes to the end.
 */
export class Follower {
  private changed = new Set<string>();
  private all = false;
  private running = false;
  private stopped = false;
  private cancel: (() => void) | null = null;

  constructor(private readonly deps: FollowDeps) {}

  /** Reads everything, now. */
  readAll(): void {
    this.all = true;
    this.cancel?.();
    this.cancel = null;
    void this.run();
  }

  /** One row changed; those of other boards are not ours. */
  touch(id: string): void {
    if (!this.deps.knows(id)) return;
    this.changed.add(id);
    this.plan(pause);
  }

  stop(): void {
    this.stopped = true;
    this.cancel?.();
  }

  private plan(ms: number): void {
    if (this.running || this.stopped) return;
    this.cancel ??= this.deps.after(ms, () => {
      this.cancel = null;
      void this.run();
    });
  }

  private async run(): Promise<void> {
    if (this.running || this.stopped) return;
    this.running = true;
    const began = this.deps.now();
    const wanted = this.changed;
    const all = this.all;
    this.changed = new Set();
    this.all = false;
    try {
      await this.walk(wanted, all);
    } catch (error) {
      if (!this.stopped) this.deps.failed(error);
      this.all ||= all;
      wanted.forEach((id) => this.changed.add(id));
    }
    this.running = false;
    if (this.all || this.changed.size) this.plan(Math.max(pause, 2 * (this.deps.now() - began)));
  }

  private async walk(wanted: Set<string>, all: boolean): Promise<void> {
    const seen = new Set<string>();
    let cursor = '';
    do {
      const page = await this.deps.page(cursor, cursor ? rest : first);
      if (this.stopped) return;
      this.deps.take(page.items);
      this.deps.read(page);
      for (const t of page.items) {
        seen.add(t.id);
        wanted.delete(t.id);
      }
      cursor = page.next_cursor ?? '';
    } while (cursor && (all || wanted.size > 0));
    if (!cursor && all) this.deps.whole(seen);
    wanted.clear();
  }
}
