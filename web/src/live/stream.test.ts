import { describe, expect, it } from 'vitest';
import { frameParser, type Frame } from './frames';
import { LiveStream, backoff, silenceLimit, type Phase } from './stream';

function frames(...chunks: string[]): Frame[] {
  const seen: Frame[] = [];
  const feed = frameParser((f) => seen.push(f));
  chunks.forEach(feed);
  return seen;
}

describe('the event stream, cut into frames', () => {
  it('gives a frame once it is whole, however it was cut in transit', () => {
    expect(frames('event: chan', 'ge\nid: 7\nda', 'ta: {"seq":7}\n', '\n')).toEqual([
      { event: 'change', id: '7', data: '{"seq":7}', comment: false },
    ]);
  });
  it('sees the heart-beat', () => {
    expect(frames(': beat\n\n').map((f) => f.comment)).toEqual([true]);
  });
  it('joins several data lines and takes a reset without data', () => {
    expect(frames('data: a\ndata: b\r\n\r\nevent: reset\n\n').map((f) => [f.event, f.data])).toEqual([
      ['message', 'a\nb'], ['reset', ''],
    ]);
  });
});

/** A line whose answers and clock the test holds in its hand. */
function bench() {
  const opened: string[] = [];
  const lines: ReadableStreamDefaultController<Uint8Array>[] = [];
  const timers: { ms: number; run: () => void; live: boolean }[] = [];
  const log: unknown[] = [];
  const phases: Phase[] = [];
  let refuse = false;
  const stream = new LiveStream(
    {
      now: () => 0,
      after(ms, run) {
        const t = { ms, run, live: true };
        timers.push(t);
        return () => { t.live = false; };
      },
      async open(id, signal) {
        opened.push(id);
        if (refuse) throw new TypeError('network');
        return new Response(new ReadableStream<Uint8Array>({
          start(c) {
            lines.push(c);
            signal.addEventListener('abort', () => c.error(new Error('aborted')));
          },
        }));
      },
    },
    {
      change: (c) => log.push(c),
      headcount: (i) => log.push(i),
      reset: () => log.push('reset'),
      state: (p) => { if (phases.at(-1) !== p) phases.push(p); },
    },
  );
  const settle = () => new Promise((r) => setTimeout(r));
  return {
    stream, opened, log, phases, settle,
    async say(text: string) { lines.at(-1)!.enqueue(new TextEncoder().encode(text)); await settle(); },
    async drop() { lines.at(-1)!.close(); await settle(); },
    refuseFromNow(yes: boolean) { refuse = yes; },
    async ring() {
      const t = timers.filter((x) => x.live).at(-1)!;
      t.live = false;
      t.run();
      await settle();
      return t.ms;
    },
  };
}

describe('the live line', () => {
  it('resumes after a broken line from the last change it saw', async () => {
    const b = bench();
    b.stream.start('41');
    await b.settle();
    await b.say('event: change\nid: 42\ndata: {"seq":42,"noun":"warning","id":"w"}\n\n');
    await b.drop();
    expect(b.phases).toEqual(['connecting', 'live', 'lost']);
    await b.ring();
    expect(b.opened).toEqual(['41', '42']);
    expect(b.log).toEqual([{ seq: 42, noun: 'warning', id: 'w' }]);
    expect(b.phases.at(-1)).toBe('live');
  });

  it('hands on headcounts, and a reset', async () => {
    const b = bench();
    b.stream.start();
    await b.settle();
    await b.say('event: headcount\ndata: {"items":[{"site_id":"s","certain":3,"possible":1}]}\n\nevent: reset\nid: 90\n\n');
    expect(b.log).toEqual([[{ site_id: 's', certain: 3, possible: 1 }], 'reset']);
    await b.drop();
    await b.ring();
    expect(b.opened.at(-1)).toBe('90');
  });

  it('waits longer after every failure and starts afresh once it is through', async () => {
    const b = bench();
    b.refuseFromNow(true);
    b.stream.start();
    await b.settle();
    expect([await b.ring(), await b.ring(), await b.ring()]).toEqual([500, 1000, 2000]);
    b.refuseFromNow(false);
    await b.ring();
    expect(b.phases.at(-1)).toBe('live');
    await b.drop();
    expect(await b.ring()).toBe(500);
  });

  it('takes a silent line as dead', async () => {
    const b = bench();
    b.stream.start();
    await b.settle();
    expect(await b.ring()).toBe(silenceLimit);
    expect(b.phases.at(-1)).toBe('lost');
  });

  it('does not reconnect after it was stopped', async () => {
    const b = bench();
    b.stream.start();
    await b.settle();
    b.stream.stop();
    await b.settle();
    expect(b.opened).toHaveLength(1);
    expect(b.phases).toEqual(['connecting', 'live']);
  });

  it('never waits longer than a quarter of a minute', () => {
    expect(backoff(20)).toBe(15_000);
  });
});
