/** One thing that was done on this phone, on its way to the duty room. */
export interface Kept {
  /** The Idempotency-Key: a UUID made here, the same for every try. */
  id: string;
  /** Order of doing; nothing overtakes what was done before. */
  seq: number;
  method: 'POST';
  path: string;
  body?: unknown;
  /** A photo, sent as it is. */
  file?: Blob;
  /** When the photo was taken, by the phone's own clock. */
  takenAt?: number;
  /** What was done, in words. */
  title: string;
  /** The site and response it is about, for showing it there. */
  about: { site?: string; response?: string; responses?: string[] };
  /** The account it was done in: nobody sends for somebody else. */
  by: string;
  /** The phone's own clock when it was done. */
  phoneAt: number;
  /** The body has got its time: from then on it is the same to the byte. */
  stamped?: boolean;
  truth: Truth;
  tries: number;
  /** The server's clock when it was taken. */
  reachedAt?: string;
  /** What the duty room said about it: why it was not taken, or why nothing changed. */
  said?: string;
}

/**
 * The truths that are told apart: kept on this phone · on its way, nothing heard
 * yet · reached the duty room · refused there, with the reason.
 */
export type Truth = 'kept' | 'sending' | 'reached' | 'refused';

export interface Shelf {
  all(): Promise<Kept[]>;
  put(k: Kept): Promise<void>;
  drop(id: string): Promise<void>;
}

/** What became of one try. `again`: nobody knows, or not now; the same is sent again. `brokenOff`: the same, and what goes first is sent at once. */
export type Outcome =
  | { kind: 'reached'; at: string; said: string }
  | { kind: 'refused'; said: string }
  | { kind: 'again'; afterMs?: number }
  | { kind: 'brokenOff' }
  | { kind: 'signedOut' };

export interface OutboxDeps {
  shelf: Shelf;
  /** Puts the right time on a thing, once; null when the time cannot be known yet. */
  stamp(k: Kept): Promise<Kept | null>;
  send(k: Kept, signal: AbortSignal): Promise<Outcome>;
  changed(list: Kept[]): void;
  now(): number;
  after(ms: number, callback: () => void): () => void;
  /** Only one page of this phone sends at a time; resolves to false when another does. */
  alone(work: () => Promise<void>): Promise<boolean>;
}

/** What has arrived is shown for so long. */
const shownFor = 24 * 3600_000;

/** Waiting time before the n-th try of the same thing. */
export const pause = (tries: number): number => Math.min(60_000, 1000 * 2 ** Math.min(tries, 6));

/**
 * Keeps what is done and sends it in order, each until an answer is heard. The key
 * stays with the thing, so that what arrived without our hearing of it is not done
 * twice. Photos come after all acts, in their own order: with one bar of signal a
 * picture takes a minute, and "all are out" must not wait for it.
 */
export class Outbox {
  private list: Kept[] = [];
  private running = false;
  private cancel: (() => void) | null = null;
  /** When the next try begins; 0 when none is planned. */
  nextAt = 0;

  constructor(private readonly deps: OutboxDeps) {}

  /** Reads what an earlier page kept. What was under way then may have arrived or not: it is sent again. */
  async open(): Promise<void> {
    await this.read();
    void this.flush();
  }

  /** What has not been answered, in the order of sending. */
  get waiting(): Kept[] {
    const open = this.list.filter((k) => k.truth === 'kept' || k.truth === 'sending');
    return [...open.filter((k) => !k.file), ...open.filter((k) => k.file)];
  }

  /** Keeps a thing; when this resolves it survives the page. */
  async keep(thing: Omit<Kept, 'seq' | 'truth' | 'tries'>): Promise<void> {
    const seq = this.list.reduce((max, k) => Math.max(max, k.seq), 0) + 1;
    await this.write({ ...thing, seq, truth: 'kept', tries: 0 });
    if (!thing.file) this.photo?.abort();
    void this.flush();
  }

  /** Sends all that waits, in order, now. */
  async flush(): Promise<void> {
    if (this.running) return;
    this.running = true;
    this.stopWaiting();
    const ours = await this.deps.alone(() => this.sendAll());
    this.running = false;
    if (!ours) this.wait(pause(2));
    else if (this.waiting.length > 0 && !this.cancel && !this.halted) void this.flush();
  }

  private halted = false;
  /** Breaks off the photo that is on its way: an act goes first. */
  private photo: AbortController | null = null;

  /** Somebody signed in again: what was held back goes on. */
  resume(): void {
    this.halted = false;
    void this.flush();
  }

  private async sendAll(): Promise<void> {
    await this.read(); // another page may have kept or sent something
    for (let next = this.waiting[0]; next && !this.halted; next = this.waiting[0]) {
      const k = { ...next, truth: 'sending' as const, tries: next.tries + 1 };
      await this.write(k);
      const stamped = k.stamped ? k : await this.deps.stamp(k);
      if (stamped && stamped !== k) await this.write(stamped);
      const outcome = stamped ? await this.try(stamped) : ({ kind: 'again' } as const);
      if (!(await this.settle(stamped ?? k, outcome))) return;
    }
  }

  private async try(k: Kept): Promise<Outcome> {
    const trying = new AbortController();
    this.photo = k.file ? trying : null;
    const outcome = await this.deps.send(k, trying.signal);
    this.photo = null;
    return outcome.kind === 'again' && trying.signal.aborted ? { kind: 'brokenOff' } : outcome;
  }

  /** Writes down what became of a try; false when the rest has to wait. */
  private async settle(k: Kept, outcome: Outcome): Promise<boolean> {
    switch (outcome.kind) {
      case 'brokenOff':
        await this.write({ ...k, truth: 'kept' });
        return true;
      case 'reached':
        await this.write({ ...k, truth: 'reached', reachedAt: outcome.at, said: outcome.said, file: undefined });
        return true;
      case 'refused':
        await this.write({ ...k, truth: 'refused', said: outcome.said, file: undefined });
        return true;
      case 'signedOut':
        this.halted = true;
        await this.write({ ...k, truth: 'kept' });
        return false;
      case 'again':
        await this.write({ ...k, truth: 'kept' });
        this.wait(Math.max(outcome.afterMs ?? 0, pause(k.tries)));
        return false;
    }
  }

  private wait(ms: number): void {
    this.stopWaiting();
    this.nextAt = this.deps.now() + ms;
    this.cancel = this.deps.after(ms, () => {
      this.cancel = null;
      void this.flush();
    });
    this.deps.changed([...this.list]);
  }

  private stopWaiting(): void {
    this.cancel?.();
    this.cancel = null;
    this.nextAt = 0;
  }

  private async write(k: Kept): Promise<void> {
    await this.deps.shelf.put(k);
    this.list = [...this.list.filter((x) => x.id !== k.id), k].sort((a, b) => a.seq - b.seq);
    this.deps.changed([...this.list]);
  }

  private async read(): Promise<void> {
    const all = (await this.deps.shelf.all()).sort((a, b) => a.seq - b.seq);
    const old = all.filter((k) => (k.truth === 'reached' || k.truth === 'refused') && this.deps.now() - k.phoneAt > shownFor);
    for (const k of old) await this.deps.shelf.drop(k.id);
    this.list = all.filter((k) => !old.includes(k));
    this.deps.changed([...this.list]);
  }
}
