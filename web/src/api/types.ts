// The HTTP contract of /api/v1 as the page sees it. Times are RFC 3339 texts,
// ids UUID texts, geometries GeoJSON in WGS 84 (longitude before latitude).
import type { FeatureCollection, Geometry, MultiPolygon, Polygon } from 'geojson';
import type { components } from './schema';

export type Level = 'red' | 'orange' | 'yellow' | 'blue' | 'unknown';
export type Measure = 'evacuate' | 'shelter' | 'keep_out' | 'stop' | 'patrol' | 'read';
export type WarningState = 'draft' | 'active' | 'lifted' | 'expired' | 'discarded';

export interface Labelled { code: string; label: string }
export interface Reason { code: string; text: string }

export interface Me {
  id: string;
  login: string;
  title: string;
  roles: { role: string; label: string; place: string; authority_id: string | null }[];
  permissions: string[];
  scope: { label: string; bbox: [number, number, number, number] } | null;
  demo: boolean;
  server_time: string;
}

/** People at a site: certain = fresh evidence, possible = stale or of unknown direction. Never added up. */
export interface People { certain: number; possible: number }

export interface Headcount extends People {
  expected?: number | null;
  last_evidence_at?: string | null;
}

export interface Contact {
  person_id: string;
  name: string | null;
  role: string;
  role_label: string;
  seat: string;
  phone: string | null;
}

export interface Named { id: string; name: string; code?: string }

export interface Site {
  id: string;
  code: string;
  name: string;
  kind: string;
  kind_label: string;
  sleeps: boolean;
  at_risk: boolean;
  risk_reason: string;
  region: { code: string; name: string };
  section: Named | null;
  project: Named | null;
  company: string;
  geometry: Geometry;
  datum: string;
  signal: string;
  muster_point: string;
  beds: number;
  people?: Headcount;
  devices?: { serial: string; purpose: string; direction: string; last_seen_at: string | null }[];
  responsible?: Contact[];
  warnings?: { warning_id: string; title: string; measure: Measure; measure_label?: string }[];
  route?: string;
  version?: number;
  documents?: { id: string; file_name: string; kind: string; uploaded_at: string }[];
}

export type RegionAreas = FeatureCollection<
  Polygon | MultiPolygon,
  { code: string; name: string; level: string; parent: string; approximate: boolean; source: string; dated: string }
>;

export interface Claim {
  hazard: string;
  hazard_label: string;
  level: Level;
  level_label: string;
  basis: string;
  area_text: string;
  regions: (string | { code: string; name: string })[];
  onset: string | null;
  expires: string | null;
}

export interface MessageRow {
  id: string | null;
  raw_id: string;
  source: string;
  format: string;
  outcome: string;
  reasons: Reason[];
  received_at: string;
  sent: string | null;
  sender: string;
  identifier: string;
  msg_type: string;
  status: string;
  headline: string;
  flags: Labelled[];
  episode_id: string | null;
  warning_id: string | null;
  claims: Claim[];
}

export interface AreaIn {
  geometry?: Geometry;
  circle?: { lon: number; lat: number; radius_m: number };
  regions?: string[];
  level?: Level;
  certain?: boolean;
  /** The mended shape of an area that crosses itself was seen and accepted. */
  accept_repair?: boolean;
}

export interface Choice { site_id: string; act: 'add' | 'drop' | 'measure'; measure?: Measure; reason: string }

export interface MeasureTotal extends People { measure: Measure; label: string; sites: number }

export interface Totals extends People {
  sites: number;
  sections: number;
  projects: number;
  expected: number;
  by_measure: MeasureTotal[];
}

export interface Target {
  site_id: string;
  name: string;
  kind: string;
  kind_label: string;
  lon: number;
  lat: number;
  region_name: string;
  section: Named;
  project: Named;
  company: string;
  level: Level;
  measure: Measure;
  measure_label: string;
  closed_area: boolean;
  /** Which work the measure is about, when not all of it; by when people are moved (HH:MM). Of a draft. */
  work?: string;
  before?: string;
  match: { certain: boolean; by: string[]; text: string };
  why: string[];
  people: Headcount;
  responsible: Contact[];
  sentence: string;
}

/** A target of a published warning: `people` is now, `frozen` what was counted at publication. */
export interface LiveTarget extends Target {
  id: string;
  from_revision: number;
  until_revision?: number | null;
  frozen: People & { expected?: number | null; counted_at: string };
}

export interface Preview {
  as_of: string;
  took_ms: number;
  /** Of an area just drawn; a stored one was checked when it was stored. */
  area?: {
    geometry: Geometry | null;
    km2: number;
    repaired?: { was_km2: number; now_km2: number; defects: { text: string; lon: number; lat: number }[] };
  };
  totals: Totals;
  targets: Target[];
  /** Matched, and taken out by an officer. */
  dropped?: Target[];
  truncated?: boolean;
  /** Under the area, nobody there and nobody expected; people just outside it, nearest first. */
  empty?: { count: number; items: SiteLine[] };
  near?: { count: number; certain: number; possible: number; km: number; items: SiteLine[] };
}

export interface SiteLine {
  site_id: string;
  name: string;
  kind_label: string;
  lon: number;
  lat: number;
  region_name: string;
  section: Named | null;
  project: Named | null;
  people: Headcount;
  distance_m?: number;
}

export interface WarningRow {
  id: string;
  mode: 'actual' | 'exercise';
  state: WarningState;
  version: number;
  revision: number;
  kind: string;
  kind_label: string;
  /** What publishing a draft does to the warning it follows. */
  intent?: '' | 'publish' | 'revise' | 'lift' | string;
  follows_id?: string | null;
  title: string;
  hazard: string;
  hazard_label: string;
  level: Level;
  level_label: string;
  authority: Named | null;
  issuer: string;
  issued_at: string | null;
  basis: string;
  note: string;
  onset: string | null;
  expires: string | null;
  created_at: string;
  published_at: string | null;
  closed_at: string | null;
  closed_reason: string;
  message_id: string | null;
  episode_id: string | null;
  totals: (People & { sites: number }) | null;
  flags: Labelled[];
  overdue: boolean;
  /** A draft that goes out by itself, or why it does not; null for drafts that people wrote. */
  auto?: Auto | null;
  /** Who has the draft now. */
  editor?: { user_id: string; title: string; since: string; me: boolean } | null;
  hold?: { reason: string; until: string | null; by: Officer; at: string } | null;
  second_look?: SecondLookState | null;
  /** Places of the bulletin that could not be found, with what was said about each. */
  names?: components['schemas']['NamesView'];
}

/** An account at a desk, by its title; never a person's name. */
export interface Officer { user_id: string; title: string; at?: string }

/** Whether a draft goes out by itself (自动转发), when, and under which standing authorisation. */
export interface Auto {
  state: 'waiting' | 'on_hold' | 'stopped' | 'none' | 'published';
  at: string | null;
  authorisation: { id: string; title: string; version: number } | null;
  signer: Officer | null;
  why: Reason[];
}

/** The second look at a draft; `valid` is false once the draft was changed after it was asked. */
export interface SecondLookState {
  id: string;
  version: number;
  valid: boolean;
  by: 'officer' | 'leader_link' | 'word';
  by_label: string;
  state: 'asked' | 'approved' | 'refused';
  asked_by: Officer;
  asked_at: string;
  answered_by: string | null;
  answered_at: string | null;
  words: string;
  may_publish_unreviewed_at: string | null;
}

export interface WarningArea {
  revision: number;
  seq: number;
  level: Level;
  basis: string;
  certain: boolean;
  regions: { code: string; name: string }[];
  geometry: Geometry | null;
  said: string;
}

export interface Warning extends WarningRow {
  areas: WarningArea[];
  choices: Choice[];
  message?: MessageRow | null;
  revisions: { number: number; at: string; by?: string; level: Level; note: string }[];
}

export interface WarningIn {
  mode?: 'actual' | 'exercise';
  hazard: string;
  level: Level;
  title: string;
  basis: string;
  note: string;
  onset?: string | null;
  expires: string;
  areas: AreaIn[];
  choices?: Choice[];
}

export interface Difference {
  added: Target[];
  stays: Target[];
  changed: { before: Target; after: Target }[];
  released: Target[];
}

export interface Page<T> { items: T[]; next?: string | null }
