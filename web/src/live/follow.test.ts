import { describe, expect, it } from 'vitest';
import type { BoardPage, Thread } from '../api/response';
import { Follower, pause } from './follow';

/** A board of so many rows on a server the test holds in its hand. */
function bench(rows: number) {
  const asked: string[] = [];
  const taken: string[] = [];
  const timers: { ms: number; run: () => void }[] = [];
  const failures: unknown[] = [];
  const wholes: number[] = [];
  let broken = false;
  const known = (id: string) => Number(id.slice(1)) < rows;
  const follower = new Follower({
    async page(cursor, limit) {
      asked.push(`${cursor || 0}+${limit}`);
      if (broken) throw new Error('断了');
      const from = Number(cursor || 0);
      const items = Array.from({ length: Math.min(limit, rows - from) }, (_, i) => ({ id: `r${from + i}` }) as Thread);
      const next = from + items.length;
      return { as_of: '', mode: 'actual', total: rows, items, next_cursor: next < rows ? String(next) : null } satisfies BoardPage;
    },
    take: (items) => taken.push(...items.map((t) => t.id)),
    whole: (ids) => wholes.push(ids.size),
    knows: known,
    failed: (e) => failures.push(e),
    read: () => {},
    now: () => 0,
    after(ms, run) {
      const t = { ms, run };
      timers.push(t);
      return () => { timers.splice(timers.indexOf(t), 1); };
    },
  });
  const settle = () => new Promise((r) => setTimeout(r));
  return {
    follower, asked, taken, timers, failures, wholes, settle,
    breakNow(yes: boolean) { broken = yes; },
    async ring() { timers.shift()!.run(); await settle(); },
  };
}

describe('keeping a board up to date', () => {
  it('reads all of 2,000 rows, the worst first', async () => {
    const b = bench(2000);
    b.follower.readAll();
    await b.settle();
    expect(b.asked).toEqual(['0+200', '200+500', '700+500', '1200+500', '1700+500']);
    expect(b.wholes).toEqual([2000]);
  });

  it('reads changed rows together, once a second, and only as far down as they stand', async () => {
    const b = bench(2000);
    ['r3', 'r5', 'r640'].forEach((id) => b.follower.touch(id));
    expect(b.timers.map((t) => t.ms)).toEqual([pause]);
    await b.ring();
    expect(b.asked).toEqual(['0+200', '200+500']);
    expect(b.wholes).toEqual([]);
    expect(b.timers).toEqual([]);
  });

  it('does not ask about rows of other boards', () => {
    const b = bench(10);
    b.follower.touch('r99');
    expect(b.timers).toEqual([]);
  });

  it('a change during a reading is read after it', async () => {
    const b = bench(10);
    b.follower.readAll();
    b.follower.touch('r1');
    await b.settle();
    await b.ring();
    expect(b.asked).toEqual(['0+200', '0+200']);
  });

  it('forgets nothing when the server does not answer', async () => {
    const b = bench(10);
    b.breakNow(true);
    b.follower.touch('r1');
    await b.ring();
    expect(b.failures).toHaveLength(1);
    b.breakNow(false);
    await b.ring();
    expect(b.taken).toContain('r1');
    expect(b.timers).toEqual([]);
  });

  it('asks nothing more once the board is left', async () => {
    const b = bench(10);
    b.follower.touch('r1');
    b.follower.stop();
    b.follower.touch('r2');
    expect(b.timers).toEqual([]);
  });
});
