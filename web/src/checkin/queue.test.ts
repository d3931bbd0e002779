import { describe, expect, it } from 'vitest';
import { newId } from './newId.ts';
import { Queue, type Said } from './queue.ts';
import type { Scan, Scanned } from './types.ts';

function shelf(): { getItem(k: string): string | null; setItem(k: string, v: string): void } {
  const kept = new Map<string, string>();
  return { getItem: (k) => kept.get(k) ?? null, setItem: (k, v) => void kept.set(k, v) };
}

const scan = (id: string): Scan => ({ id, point: 'p', t: '12345678', direction: 'in', said: '2026-07-10T21:30:00Z', place: null });
const answer = { counted: true } as Scanned;

describe('the queue of scans', () => {
  it('survives the page and keeps the order', async () => {
    const s = shelf();
    new Queue(s).add(scan('a'));
    new Queue(s).add(scan('b'));
    const sent: string[] = [];
    await new Queue(s).flush(async (x) => { sent.push(x.id); return { scan: x, answer }; });
    expect(sent).toEqual(['a', 'b']);
    expect(new Queue(s).all()).toEqual([]);
  });

  it('keeps what the network did not take, and what comes after it', async () => {
    const q = new Queue(shelf());
    ['a', 'b', 'c'].forEach((id) => q.add(scan(id)));
    const said = await q.flush(async (x): Promise<Said> => (x.id === 'b' ? 'later' : { scan: x, answer }));
    expect(said).toHaveLength(2);
    expect(q.all().map((x) => x.id)).toEqual(['b', 'c']);
  });

  it('lets go of what was refused for good', async () => {
    const q = new Queue(shelf());
    q.add(scan('a'));
    await q.flush(async (x) => ({ scan: x, refused: '二维码已过期' }));
    expect(q.all()).toEqual([]);
  });

  it('keeps a scan until the phone is known', async () => {
    const q = new Queue(shelf());
    q.add(scan('a'));
    expect(await q.flush(async () => 'unconfirmed')).toEqual(['unconfirmed']);
    expect(q.all()).toHaveLength(1);
  });

  it('is one scan however often it is added', () => {
    const q = new Queue(shelf());
    q.add(scan('a'));
    q.add(scan('a'));
    expect(q.all()).toHaveLength(1);
  });

  it('begins anew from storage that cannot be read', () => {
    expect(new Queue({ getItem: () => '{', setItem: () => undefined }).all()).toEqual([]);
  });
});

it('numbers scans as random UUIDs', () => {
  expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(newId()).not.toBe(newId());
});
