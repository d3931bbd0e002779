import { existsSync, readFileSync } from 'node:fs';
import type { Contact, People, RegionAreas, Site, Target } from '../src/api/types.ts';

export interface SitePin extends People { id: string; name: string; kind: string; sleeps: boolean; at_risk: boolean; lon: number; lat: number }

/** Numbers that look random and are the same every time. */
export function dice(seed: number): () => number {
  let s = seed;
  return () => (s = (s * 1664525 + 1013904223) % 4294967296) / 4294967296;
}

interface Raw { properties: { adcode: string; name: string; city: string; cityName: string }; geometry: RegionAreas['features'][number]['geometry'] }

/** Outlines from a GeoJSON file with adcode and name, or two made-up squares. */
export function areas(level: 'county' | 'city'): RegionAreas {
  const file = new URL(`../../../shared/data/sichuan-${level === 'county' ? 'counties' : 'cities'}.geojson`, import.meta.url);
  const raw = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')).features as Raw[]) : [square('510101', '甲县', 103), square('510102', '乙县', 104)];
  return {
    type: 'FeatureCollection',
    features: raw.map(({ properties: p, geometry }) => ({
      type: 'Feature', geometry,
      properties: { code: String(p.adcode ?? p.city), name: p.name, level, parent: level === 'county' ? String(p.city ?? '510000') : '510000', approximate: true, source: '示例轮廓', dated: '2023' },
    })),
  };
}

function square(adcode: string, name: string, west: number): Raw {
  return {
    properties: { adcode, name, city: '510100', cityName: '示例市' },
    geometry: { type: 'Polygon', coordinates: [[[west, 30], [west + 1, 30], [west + 1, 31], [west, 31], [west, 30]]] },
  };
}

const lead = ['青枫', '云岭', '黑水湾', '石桥沟', '老鹰岩', '桃花坝', '羊角垭', '响水洞', '金竹林', '火烧坪'];
const kinds = [['residence_own', '自建驻地', '号驻地'], ['tunnel', '隧道工点', '号隧道出口'], ['slope', '边坡/路堑', '号高边坡'], ['bridge', '桥梁工点', '号大桥'], ['yard', '加工场/预制梁场', '号梁场']] as const;

/** Sites along invented road lines. */
export function pins(n: number): (SitePin & { kind_label: string })[] {
  const r = dice(7);
  const roads = Array.from({ length: 24 }, () => ({ lon: 99.5 + r() * 7, lat: 27.5 + r() * 5.5, dx: r() - 0.5, dy: r() - 0.5 }));
  roads[0] = { lon: 103.1, lat: 31, dx: 0.9, dy: 0.5 };
  roads[1] = { lon: 103.9, lat: 30.9, dx: -0.6, dy: 0.9 };
  return Array.from({ length: n }, (_, i) => {
    const road = roads[i % roads.length]!;
    const t = (r() - 0.5) * 1.6;
    const kind = kinds[Math.floor(r() * kinds.length)]!;
    const certain = r() < 0.15 ? 0 : Math.floor(r() * r() * 120);
    return {
      id: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`, name: `${lead[i % lead.length]} ${1 + (i % 37)} ${kind[2]}`, kind: kind[0], kind_label: kind[1],
      sleeps: kind[0] === 'residence_own', at_risk: r() < 0.2, lon: road.lon + t * road.dx + (r() - 0.5) * 0.06, lat: road.lat + t * road.dy + (r() - 0.5) * 0.06,
      certain, possible: r() < 0.5 ? Math.floor(r() * 12) : 0,
    };
  });
}

export function contacts(i: number): Contact[] {
  const names = ['罗甲一', '马乙二', '陈丙三', '李丁四', '白戊五'];
  return i % 17 === 0 ? [] : [0, 1].slice(0, 1 + (i % 3 ? 1 : 0)).map((k) => ({
    person_id: `p${(i + k) % 71}`, name: names[(i + k) % 5]!, role: 'section_lead', role_label: k ? '副负责人' : '合同段负责人', seat: k ? 'B 角' : '今晚值班', phone: `1380000${String(1000 + i).slice(-4)}`,
  }));
}

export function target(p: SitePin & { kind_label: string }, i: number, level: Target['level']): Target {
  const measure = p.sleeps ? 'evacuate' : p.kind === 'tunnel' || p.kind === 'slope' ? 'stop' : i % 3 ? 'patrol' : 'read';
  const label = { evacuate: '撤离', stop: '停工', patrol: '加密巡查', read: '阅知' }[measure];
  const why = { evacuate: '住人，在沟口或坡脚', stop: '隧道口、高边坡有夜班', patrol: '弃渣场、便道、桥位', read: '看到即可' }[measure];
  return {
    site_id: p.id, name: p.name, kind: p.kind, kind_label: p.kind_label, lon: p.lon, lat: p.lat, region_name: '汶川县', section: { id: `s${i % 11}`, name: `LJ-${1 + (i % 11)} 标` }, project: { id: `p${i % 7}`, name: `示例高速 ${1 + (i % 7)}` },
    company: '示例建设', level, measure, measure_label: label, closed_area: measure === 'stop' && p.at_risk,
    match: { certain: i % 9 !== 0, by: ['area'], text: i % 9 ? '位置在预警区域内' : '只按县匹配，可能在内' }, why: [why],
    people: { certain: p.certain, possible: p.possible, expected: p.certain + p.possible + (i % 4), last_evidence_at: new Date().toISOString() },
    responsible: contacts(i), sentence: '',
  };
}

export function site(p: SitePin & { kind_label: string }, i: number, warnings: NonNullable<Site['warnings']>): Site {
  return {
    ...p, code: `S${i}`, risk_reason: p.at_risk ? '沟口，距河 40 米' : '', region: { code: '513221', name: '汶川县' }, section: { id: 's', name: `LJ-${1 + (i % 11)} 标` }, project: { id: 'p', name: `示例高速 ${1 + (i % 7)}` },
    company: '示例建设', geometry: { type: 'Point', coordinates: [p.lon, p.lat] }, datum: 'wgs84', signal: i % 5 ? 'good' : 'weak', muster_point: '料场平台', beds: p.sleeps ? 120 : 0,
    people: { certain: p.certain, possible: p.possible, expected: p.certain + p.possible + 3, last_evidence_at: new Date(Date.now() - 64_000).toISOString() },
    devices: [{ serial: `GATE-${i}`, purpose: 'presence', direction: 'in', last_seen_at: new Date(Date.now() - 64_000).toISOString() }], responsible: contacts(i), warnings,
  };
}
