/** What the server says about a warning in force at the site. */
export interface Shown { title: string; level: string; measure: string; sentence: string; exercise: boolean }

export interface Showing { warnings: Shown[]; refuse_entry: boolean }

export type Direction = 'in' | 'out';

/** What the page knows when it opens. */
export interface State extends Showing {
  site: string;
  title: string;
  kind: 'screen' | 'printed';
  purpose: 'entry' | 'muster';
  direction: 'in' | 'out' | 'both';
  me: string | null;
  proxy: boolean;
  inside: boolean | null;
  evacuating: boolean;
  /** A code has shown whose phone it is, or none can be sent here. */
  proven: boolean;
  /** The last digits of the number to which a code goes; none is registered: null. */
  phone_tail: string | null;
}

/** What became of a scan. */
export interface Scanned extends Showing {
  counted: boolean;
  outcome: string;
  words: string;
  direction: Direction | 'unknown';
  at: string;
  fence: 'inside' | 'outside' | 'unknown';
  flags: { code: string; label: string }[];
  people: number;
  mustered: boolean;
  evacuating: boolean;
  site: string;
}

export interface Place { lon: number; lat: number; accuracy: number; datum: 'wgs84' | 'unknown' }

/** A scan on its way: kept on the phone until the server has answered. */
export interface Scan {
  id: string;
  point: string;
  t: string;
  direction: Direction | '';
  said: string;
  place: Place | null;
  people?: string[];
}

export interface ScreenCode { from: string; until: string; size: number; path: string }

export interface Screen extends Showing {
  site: string;
  title: string;
  purpose: 'entry' | 'muster';
  direction: 'in' | 'out' | 'both';
  now: string;
  codes: ScreenCode[];
  certain: number;
  possible: number;
  evacuating: boolean;
}
