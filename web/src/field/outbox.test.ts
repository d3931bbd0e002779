import { describe, expect, it } from 'vitest';
import { Outbox, pause, type Kept, type Outcome } from './outbox';

type Fate = (k: Kept, signal: AbortSignal) => Outcome | Promise<Outcome>;

/** A phone with a shelf, a duty room that keeps what arrives by key, and a network that can be told what to do. */
function phone() {
  const kept = new Map<string, Kept>();
  const room: string[] = [];
  const timers: { ms: number; call: () => void }[] = [];
  let fates: Fate[] = [];
  const reached = (k: Kept): Outcome => {
    if (!room.includes(k.id)) room.push(k.id);
    return { kind: 'reached', at: '2026-07-10T13:30:00Z', said: '' };
  };
  const deps = {
    shelf: {
      all: async () => [...kept.values()].map((k) => structuredClone(k)),
      put: async (k: Kept) => { kept.set(k.id, structuredClone(k)); },
      drop: async (id: string) => { kept.delete(id); },
    },
    stamp: async (k: Kept): Promise<Kept | null> => ({ ...k, stamped: true, body: `stamped ${k.tries}` }),
    send: async (k: Kept, signal: AbortSignal) => (fates.shift() ?? reached)(k, signal),
    changed: () => {},
    now: () => 1000,
    after: (ms: number, call: () => void) => {
      const timer = { ms, call };
      timers.push(timer);
      return () => { timers.splice(timers.indexOf(timer), 1); };
    },
    alone: async (work: () => Promise<void>) => { await work(); return true; },
  };
  const settle = () => new Promise((r) => setTimeout(r, 0));
  return {
    kept, room, timers, deps, settle, reached,
    network: (...list: Fate[]) => { fates = list; },
    tick: async () => { timers.shift()?.call(); await settle(); },
  };
}

const thing = (id: string) => ({ id, method: 'POST' as const, path: '/responses/acknowledge', title: id, about: {}, by: 'u', phoneAt: 0 });
const again = (): Outcome => ({ kind: 'again' });
const truths = (m: Map<string, Kept>) => [...m.values()].sort((a, b) => a.seq - b.seq).map((k) => `${k.id} ${k.truth}`);

describe('the outbox', () => {
  it('sends in the order of doing, also what was done while there was no network', async () => {
    const p = phone();
    const box = new Outbox(p.deps);
    p.network(again);
    await box.keep(thing('a'));
    await p.settle();
    await box.keep(thing('b'));
    await box.keep(thing('c'));
    await p.settle();
    await p.tick();
    expect(p.room).toEqual(['a', 'b', 'c']);
    expect(truths(p.kept)).toEqual(['a reached', 'b reached', 'c reached']);
  });

  it('sends photos after everything else, and breaks one off for an act', async () => {
    const p = phone();
    const box = new Outbox(p.deps);
    p.network((_, signal) => new Promise((done) => { signal.addEventListener('abort', () => { done({ kind: 'again' }); }); }));
    await box.keep({ ...thing('photo'), file: new Blob(['x']) });
    await p.settle();
    await box.keep(thing('act'));
    for (let i = 0; i < 4; i++) await p.settle();
    expect(p.room).toEqual(['act', 'photo']);
  });

  it('lets nothing overtake what waits', async () => {
    const p = phone();
    const box = new Outbox(p.deps);
    p.network(again, again);
    await box.keep(thing('a'));
    await box.keep(thing('b'));
    await p.settle();
    expect(p.room).toEqual([]);
    expect(truths(p.kept)).toEqual(['a kept', 'b kept']);
  });

  it('does a thing once when it arrived and the answer was lost', async () => {
    const p = phone();
    const box = new Outbox(p.deps);
    p.network((k) => { p.reached(k); return { kind: 'again' }; });
    await box.keep(thing('a'));
    await p.settle();
    expect(truths(p.kept)).toEqual(['a kept']);
    await p.tick();
    expect(p.room).toEqual(['a']);
    expect(p.kept.get('a')).toMatchObject({ truth: 'reached', tries: 2, reachedAt: '2026-07-10T13:30:00Z' });
  });

  it('sends again the same bytes, with the time of the first try', async () => {
    const p = phone();
    const sent: unknown[] = [];
    const box = new Outbox(p.deps);
    const note = (fate: Outcome) => (k: Kept) => { sent.push(k.body); return fate; };
    p.network(note({ kind: 'again' }), note({ kind: 'reached', at: '', said: '' }));
    await box.keep(thing('a'));
    await p.settle();
    await p.tick();
    expect(sent).toEqual(['stamped 1', 'stamped 1']);
  });

  it('sends nothing before the time is known', async () => {
    const p = phone();
    p.deps.stamp = async () => null;
    await new Outbox(p.deps).keep(thing('a'));
    await p.settle();
    expect(p.room).toEqual([]);
    expect(truths(p.kept)).toEqual(['a kept']);
  });

  it('goes on after the page was closed in the middle of sending', async () => {
    const p = phone();
    p.kept.set('a', { ...thing('a'), seq: 1, truth: 'sending', tries: 1 });
    p.kept.set('b', { ...thing('b'), seq: 2, truth: 'kept', tries: 0 });
    const box = new Outbox(p.deps);
    await box.open();
    await p.settle();
    expect(p.room).toEqual(['a', 'b']);
  });

  it('keeps a refusal with its reason and goes on with the next', async () => {
    const p = phone();
    const box = new Outbox(p.deps);
    p.network(() => ({ kind: 'refused', said: '已解除' }));
    await box.keep(thing('a'));
    await box.keep(thing('b'));
    await p.settle();
    expect(truths(p.kept)).toEqual(['a refused', 'b reached']);
    expect(p.kept.get('a')?.said).toBe('已解除');
  });

  it('waits for somebody to sign in again, and loses nothing', async () => {
    const p = phone();
    const box = new Outbox(p.deps);
    p.network(() => ({ kind: 'signedOut' }));
    await box.keep(thing('a'));
    await p.settle();
    expect(truths(p.kept)).toEqual(['a kept']);
    expect(p.timers).toEqual([]);
    box.resume();
    await p.settle();
    expect(p.room).toEqual(['a']);
  });

  it('says kept only once the thing is on the shelf', async () => {
    const p = phone();
    p.deps.shelf.put = async () => { throw new Error('full'); };
    await expect(new Outbox(p.deps).keep(thing('a'))).rejects.toThrow('full');
    expect(p.room).toEqual([]);
  });

  it('leaves sending to the page that is sending', async () => {
    const p = phone();
    p.deps.alone = async () => false;
    const box = new Outbox(p.deps);
    await box.keep(thing('a'));
    await p.settle();
    expect(p.room).toEqual([]);
    expect(p.timers.length).toBe(1);
  });

  it('waits longer each time, a minute at most', () => {
    expect([0, 1, 2, 5, 6, 60].map(pause)).toEqual([1000, 2000, 4000, 32_000, 60_000, 60_000]);
  });

  it('forgets what arrived long ago, never what waits', async () => {
    const p = phone();
    p.deps.now = () => 3 * 24 * 3600_000;
    p.kept.set('a', { ...thing('a'), seq: 1, truth: 'reached', tries: 1 });
    p.kept.set('b', { ...thing('b'), seq: 2, truth: 'kept', tries: 1 });
    p.network(again);
    await new Outbox(p.deps).open();
    await p.settle();
    expect(truths(p.kept)).toEqual(['b kept']);
  });
});
