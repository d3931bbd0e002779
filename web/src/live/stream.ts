import { frameParser, type Frame } from './frames';

export type Phase = 'idle' | 'connecting' | 'live' | 'lost';

export interface StreamEvents {
  change(change: { seq: number; noun: string; id: string }): void;
  headcount(items: { site_id: string; certain: number; possible: number }[]): void;
  /** The server can no longer tell what was missed: read everything again. */
  reset(): void;
  /** The state of the line, and when the server was last heard. */
  state(phase: Phase, heardAt: number): void;
}

export interface StreamDeps {
  open(lastEventId: string, signal: AbortSignal): Promise<Response>;
  now(): number;
  /** Calls back after so many ms; the answer cancels. */
  after(ms: number, callback: () => void): () => void;
}

/** The server sends a heart-beat every 15 s; after this long without one the line is taken as dead. */
export const silenceLimit = 25_000;

/** Waiting time before the n-th attempt to reconnect, in ms. */
export function backoff(attempt: number): number {
  return Math.min(15_000, 500 * 2 ** attempt);
}

/**
 * The one line of live changes. Uses fetch instead of EventSource, because only
 * so the heart-beat is seen, a refusal is told from a broken line, and the
 * place to resume from can be set to the one the map was read at.
 */
export class LiveStream {
  private attempt = 0;
  private heardAt: number;
  private abort: AbortController | null = null;
  private cancelTimer = () => {};

  constructor(
    private readonly deps: StreamDeps,
    private readonly events: StreamEvents,
    private lastEventId = '',
  ) {
    this.heardAt = deps.now();
  }

  /** Starts, or starts anew, from the given place in the change log. */
  start(from: string = this.lastEventId): void {
    this.stop();
    this.lastEventId = from;
    void this.connect();
  }

  stop(): void {
    this.cancelTimer();
    this.abort?.abort();
    this.abort = null;
  }

  private async connect(): Promise<void> {
    const abort = new AbortController();
    this.abort = abort;
    if (this.attempt === 0) this.events.state('connecting', this.heardAt);
    try {
      const response = await this.deps.open(this.lastEventId, abort.signal);
      if (!response.ok || !response.body) throw new Error(`stream: ${response.status}`);
      this.attempt = 0;
      this.heard(abort);
      await this.read(response.body, abort);
    } catch {
      // Told apart below: a stop of our own needs nothing, anything else is a lost line.
    }
    if (this.abort === abort) this.retry();
  }

  private async read(body: ReadableStream<Uint8Array>, abort: AbortController): Promise<void> {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    const feed = frameParser((frame) => this.take(frame));
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.abort !== abort) return;
      this.heard(abort);
      feed(decoder.decode(value, { stream: true }));
    }
  }

  private heard(abort: AbortController): void {
    this.heardAt = this.deps.now();
    this.events.state('live', this.heardAt);
    this.cancelTimer();
    this.cancelTimer = this.deps.after(silenceLimit, () => abort.abort());
  }

  private take(frame: Frame): void {
    if (frame.comment) return;
    if (frame.id !== undefined) this.lastEventId = frame.id;
    // A greeting begins the line: what was read before it may have missed a change.
    if (frame.event === 'reset' || frame.event === 'hello') this.events.reset();
    else if (frame.event === 'change') this.events.change(JSON.parse(frame.data));
    else if (frame.event === 'headcount') this.events.headcount(JSON.parse(frame.data).items);
  }

  private retry(): void {
    this.cancelTimer();
    this.abort = null;
    this.events.state('lost', this.heardAt);
    this.cancelTimer = this.deps.after(backoff(this.attempt++), () => void this.connect());
  }
}
