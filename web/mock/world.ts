import type { Geometry, Position } from 'geojson';
import type { AreaIn, Difference, LiveTarget, Me, MessageRow, Preview, Target, Warning, WarningIn } from '../src/api/types.ts';
import { boxOf, circlePolygon } from '../src/map/shape.ts';
import { areas, pins, target } from './data.ts';

/** The invented province behind the development server. */
export const counties = areas('county');
export const cities = areas('city');
export const sites = pins(Number(process.env.MOCK_SITES ?? 1500));
export const byId = new Map(sites.map((s, i) => [s.id, i]));
export const now = (minutes = 0) => new Date(Date.now() + minutes * 60_000).toISOString();

export const me: Me = {
  id: 'me', login: 'demo', title: '林晓', roles: [{ role: 'duty_officer', label: '值班员', place: '省厅', authority_id: 'a' }],
  permissions: ['site.see', 'person.see_name', 'person.see_phone', 'warning.see', 'warning.draft', 'warning.publish', 'warning.lift', 'message.see'],
  scope: { label: '四川省', bbox: [97.3, 26, 108.6, 34.4] }, demo: true, server_time: now(),
};

function geometryOf(area: AreaIn): Geometry {
  if (area.circle) return circlePolygon(area.circle.lon, area.circle.lat, area.circle.radius_m);
  if (area.geometry) return area.geometry;
  const of = counties.features.filter((f) => area.regions?.includes(f.properties.code));
  return { type: 'MultiPolygon', coordinates: of.flatMap((f) => (f.geometry.type === 'Polygon' ? [f.geometry.coordinates] : f.geometry.coordinates)) };
}

function inside([x, y]: Position, g: Geometry): boolean {
  const parts = g.type === 'Polygon' ? [g.coordinates] : g.type === 'MultiPolygon' ? g.coordinates : [];
  return parts.some((rings) => rings.reduce((odd, ring) => odd !== inRing(x!, y!, ring), false));
}

function inRing(x: number, y: number, ring: Position[]): boolean {
  let odd = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i] as [number, number];
    const [xj, yj] = ring[j] as [number, number];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
  }
  return odd;
}

export function preview(list: AreaIn[], level: Target['level']): Preview {
  const shapes = list.map((a) => ({ g: geometryOf(a), level: a.level ?? level }));
  const targets = sites.flatMap((s, i) => {
    const hit = shapes.find((a) => inside([s.lon, s.lat], a.g));
    return hit ? [target(s, i, hit.level)] : [];
  });
  const sum = (of: Target[]) => ({ certain: of.reduce((n, t) => n + t.people.certain, 0), possible: of.reduce((n, t) => n + t.people.possible, 0) });
  const groups = new Map<Target['measure'], Target[]>();
  for (const t of targets) groups.set(t.measure, [...(groups.get(t.measure) ?? []), t]);
  const box = boxOf(shapes.map((s) => s.g));
  return {
    as_of: now(), took_ms: 41, truncated: false,
    area: { geometry: { type: 'MultiPolygon', coordinates: shapes.flatMap(({ g }) => (g.type === 'Polygon' ? [g.coordinates] : g.type === 'MultiPolygon' ? g.coordinates : [])) }, km2: box ? (box[2] - box[0]) * (box[3] - box[1]) * 7000 : 0 },
    totals: {
      sites: targets.length, sections: 11, projects: 7, ...sum(targets), expected: targets.reduce((n, t) => n + (t.people.expected ?? 0), 0),
      by_measure: [...groups].map(([measure, of]) => ({ measure, label: of[0]!.measure_label, sites: of.length, ...sum(of) })),
    },
    targets,
  };
}

export const warnings = new Map<string, Warning & { input: AreaIn[]; frozen: LiveTarget[] }>();
export const messages: MessageRow[] = [];

export function live(t: Target, at: string): LiveTarget {
  return { ...t, id: `t-${t.site_id}`, from_revision: 1, until_revision: null, frozen: { ...t.people, counted_at: at } };
}

export function write(id: string, body: WarningIn & { kind?: string }, extra: Partial<Warning> = {}): Warning {
  const p = preview(body.areas, body.level);
  const kind = body.kind ?? 'instruction';
  const w = {
    id, mode: body.mode ?? 'actual', state: 'draft', version: 1, revision: 0, kind, kind_label: kind === 'relay' ? '转发' : '行业提示', title: body.title, hazard: body.hazard, hazard_label: '地质灾害',
    level: body.level, level_label: '', authority: { id: 'a', name: '省交通运输厅（示例）' }, issuer: kind === 'relay' ? '省气象台（示例源）' : '', issued_at: now(-16), basis: body.basis, note: body.note, onset: now(-15), expires: body.expires,
    created_at: now(-5), published_at: null, closed_at: null, message_id: null, episode_id: null, totals: { sites: p.totals.sites, certain: p.totals.certain, possible: p.totals.possible }, flags: [], overdue: false,
    areas: body.areas.map((a, i) => ({
      revision: 1, seq: i + 1, level: a.level ?? body.level, basis: a.regions ? 'geocode' : 'polygon', certain: a.certain ?? true, geometry: geometryOf(a), said: '',
      regions: (a.regions ?? []).map((code) => ({ code, name: counties.features.find((f) => f.properties.code === code)?.properties.name ?? code })),
    })),
    choices: [], message: null, revisions: [], input: body.areas, frozen: [], ...extra,
  } as Warning & { input: AreaIn[]; frozen: LiveTarget[] };
  warnings.set(id, w);
  return w;
}

export function publish(w: Warning & { input: AreaIn[]; frozen: LiveTarget[] }): void {
  w.state = 'active';
  w.version++;
  w.revision = 1;
  w.published_at = now();
  w.frozen = preview(w.input, w.level).targets.map((t) => live(t, now()));
  w.revisions = [{ number: 1, at: now(), by: '林晓', level: w.level, note: '' }];
}

export function difference(w: { frozen: LiveTarget[] }, next: Preview): Difference {
  const old = new Map(w.frozen.map((t) => [t.site_id, t]));
  const fresh = new Set(next.targets.map((t) => t.site_id));
  const kept = next.targets.filter((t) => old.has(t.site_id));
  return {
    added: next.targets.filter((t) => !old.has(t.site_id)), released: w.frozen.filter((t) => !fresh.has(t.site_id)),
    stays: kept.filter((t) => old.get(t.site_id)!.level === t.level), changed: kept.filter((t) => old.get(t.site_id)!.level !== t.level).map((after) => ({ before: old.get(after.site_id)!, after })),
  };
}
