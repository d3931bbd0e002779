import type { Scan, Scanned } from './types.ts';

/** Where scans wait: the phone's storage, or a stand-in for tests. */
export interface Shelf { getItem(key: string): string | null; setItem(key: string, value: string): void }

const key = 'muster-scans';
const most = 50;

/** What the server said to a scan; 'later' when it has to be sent again. */
export type Said = { scan: Scan; answer: Scanned } | { scan: Scan; refused: string } | 'later' | 'unconfirmed';

/**
 * Scans that wait for the network. Each stays until the server has answered for
 * good: sending one twice does no harm, losing one does.
 */
export class Queue {
  constructor(private readonly shelf: Shelf) {}

  all(): Scan[] {
    try {
      const list: unknown = JSON.parse(this.shelf.getItem(key) ?? '[]');
      return Array.isArray(list) ? (list as Scan[]) : [];
    } catch {
      return [];
    }
  }

  add(scan: Scan): void {
    this.write([...this.all().filter((s) => s.id !== scan.id), scan].slice(-most));
  }

  drop(id: string): void {
    this.write(this.all().filter((s) => s.id !== id));
  }

  /** Sends what waits, oldest first, and stops where the network ends. */
  async flush(send: (scan: Scan) => Promise<Said>): Promise<Said[]> {
    const done: Said[] = [];
    for (const scan of this.all()) {
      const said = await send(scan);
      done.push(said);
      if (said === 'later' || said === 'unconfirmed') break;
      this.drop(scan.id);
    }
    return done;
  }

  private write(list: Scan[]): void {
    try {
      this.shelf.setItem(key, JSON.stringify(list));
    } catch {
      // A full or forbidden storage: the scan is sent at once or not at all.
    }
  }
}
