import type { Kept, Shelf } from './outbox';

const name = 'muster-field';

/** The phone's own store (IndexedDB). Things are kept by id; last answers of the server by name. */
function open(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const asked = indexedDB.open(name, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore('outbox', { keyPath: 'id' });
      asked.result.createObjectStore('last');
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
}

let opened: Promise<IDBDatabase> | undefined;

async function run<T>(store: 'outbox' | 'last', mode: IDBTransactionMode, ask: (s: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await (opened ??= open());
  return new Promise((done, fail) => {
    // relaxed durability could lose the last act in a power cut
    const tx = db.transaction(store, mode, { durability: 'strict' });
    const asked = ask(tx.objectStore(store));
    tx.oncomplete = () => done(asked.result);
    tx.onerror = tx.onabort = () => fail(tx.error);
  });
}

export const shelf: Shelf = {
  all: () => run<Kept[]>('outbox', 'readonly', (s) => s.getAll()),
  put: async (k) => { await run('outbox', 'readwrite', (s) => s.put(k)); },
  drop: async (id) => { await run('outbox', 'readwrite', (s) => s.delete(id)); },
};

/** The last answer of the server, for when there is no network. */
export interface Remembered<T> { value: T; at: number }

export const remember = async (what: string, value: unknown): Promise<void> => {
  const kept: Remembered<unknown> = { value, at: Date.now() };
  await run('last', 'readwrite', (s) => s.put(kept, what));
};

export const recall = <T>(what: string): Promise<Remembered<T> | undefined> => run('last', 'readonly', (s) => s.get(what));

/** Signing out leaves nothing of the duty room on the phone; what was not sent stays. */
export const forgetAll = async (): Promise<void> => { await run('last', 'readwrite', (s) => s.clear()); };
