import type { Geometry, MultiPolygon, Polygon, Position } from 'geojson';

export type Box = [west: number, south: number, east: number, north: number];

const earthRadius = 6_371_008.8;

/** Great-circle distance in metres. */
export function distance([lon1, lat1]: Position, [lon2, lat2]: Position): number {
  const rad = Math.PI / 180;
  const dLat = (lat2! - lat1!) * rad;
  const dLon = (lon2! - lon1!) * rad;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(lat1! * rad) * Math.cos(lat2! * rad) * Math.sin(dLon / 2) ** 2;
  return 2 * earthRadius * Math.asin(Math.sqrt(h));
}

/** Visits every position of a geometry. */
export function eachPosition(g: Geometry, visit: (p: Position) => void): void {
  if (g.type === 'GeometryCollection') g.geometries.forEach((x) => eachPosition(x, visit));
  else walk(g.coordinates, visit);
}

function walk(c: Position | Position[] | Position[][] | Position[][][], visit: (p: Position) => void): void {
  if (typeof c[0] === 'number') visit(c as Position);
  else (c as Position[]).forEach((x) => walk(x as unknown as Position[], visit));
}

/**
 * Whether a polygon encloses anything worth asking about, some hundred square
 * metres. Before its third corner is set, a shape being drawn does not.
 */
export function hasArea({ coordinates: [ring = []] }: Polygon): boolean {
  let twice = 0;
  for (let i = 1; i < ring.length; i++) twice += ring[i - 1]![0]! * ring[i]![1]! - ring[i]![0]! * ring[i - 1]![1]!;
  return new Set(ring.map(String)).size >= 3 && Math.abs(twice / 2) > 1e-8;
}

/** Where the edge of a ring crosses itself; neighbours that meet in their corner do not. Empty for a simple ring. */
export function selfCrossings(ring: Position[]): Position[] {
  const found: Position[] = [];
  const last = ring.length - 2;
  for (let i = 0; i <= last; i++) {
    for (let j = i + 2; j <= last; j++) {
      if (i === 0 && j === last) continue;
      const at = crossing(ring[i]!, ring[i + 1]!, ring[j]!, ring[j + 1]!);
      if (at) found.push(at);
    }
  }
  return found;
}

function crossing([ax, ay]: Position, [bx, by]: Position, [cx, cy]: Position, [dx, dy]: Position): Position | null {
  const across = (bx! - ax!) * (dy! - cy!) - (by! - ay!) * (dx! - cx!);
  if (across === 0) return null;
  const t = ((cx! - ax!) * (dy! - cy!) - (cy! - ay!) * (dx! - cx!)) / across;
  const u = ((cx! - ax!) * (by! - ay!) - (cy! - ay!) * (bx! - ax!)) / across;
  return t > 0 && t < 1 && u > 0 && u < 1 ? [round(ax! + t * (bx! - ax!), 6), round(ay! + t * (by! - ay!), 6)] : null;
}

/** The same shape to a tenth of a metre, as the drawing tools keep it. */
export function rounded({ coordinates }: Polygon): Polygon {
  return { type: 'Polygon', coordinates: coordinates.map((ring) => ring.map((p) => [round(p[0]!, 6), round(p[1]!, 6)])) };
}

/** A geometry as the polygons it is made of; lines and points have none. */
export function polygonsOf(g: Geometry | null | undefined): Polygon[] {
  if (g?.type === 'Polygon') return [g];
  return g?.type === 'MultiPolygon' ? g.coordinates.map((coordinates) => ({ type: 'Polygon', coordinates })) : [];
}

/** The middle of what a geometry covers, for a mark or a ring. */
export function middle(g: Geometry): [number, number] | null {
  const box = boxOf([g]);
  return box && [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
}

/** The box around all geometries, or null when there is nothing. */
export function boxOf(geometries: Iterable<Geometry>): Box | null {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const g of geometries) {
    eachPosition(g, ([lon, lat]) => {
      box[0] = Math.min(box[0], lon!);
      box[1] = Math.min(box[1], lat!);
      box[2] = Math.max(box[2], lon!);
      box[3] = Math.max(box[3], lat!);
    });
  }
  return box[0] === Infinity ? null : box;
}

/** A circle drawn as a polygon, back as centre and radius: what the server matches exactly. */
export function circleOf(polygon: Polygon): { lon: number; lat: number; radius_m: number } {
  const box = boxOf([polygon])!;
  const centre: Position = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  const ring = polygon.coordinates[0]!;
  const radius = ring.reduce((sum, p) => sum + distance(centre, p), 0) / ring.length;
  return { lon: round(centre[0]!, 6), lat: round(centre[1]!, 6), radius_m: Math.round(radius) };
}

/** A polygon that looks like a geodesic circle; the server makes the exact one. */
export function circlePolygon(lon: number, lat: number, radius: number, steps = 96): Polygon {
  const dLat = (radius / earthRadius) * (180 / Math.PI);
  const dLon = dLat / Math.cos((lat * Math.PI) / 180);
  const ring = Array.from({ length: steps + 1 }, (_, i): Position => {
    const a = (2 * Math.PI * (i % steps)) / steps;
    return [round(lon + dLon * Math.cos(a), 6), round(lat + dLat * Math.sin(a), 6)];
  });
  return { type: 'Polygon', coordinates: [ring] };
}

/** Where a region's name is written: the middle of its widest stretch at mid-height of its largest part. */
export function labelPoint(g: Polygon | MultiPolygon): Position {
  const parts = g.type === 'Polygon' ? [g.coordinates] : g.coordinates;
  const rings = parts.reduce((a, b) => (ringArea(b[0]!) > ringArea(a[0]!) ? b : a));
  const box = boxOf([{ type: 'Polygon', coordinates: [rings[0]!] }])!;
  const lat = (box[1] + box[3]) / 2;
  const xs = rings.flatMap((ring) => crossings(ring, lat)).sort((a, b) => a - b);
  let best: [number, number] = [box[0], box[2]];
  let width = -1;
  for (let i = 0; i + 1 < xs.length; i += 2) {
    if (xs[i + 1]! - xs[i]! > width) {
      width = xs[i + 1]! - xs[i]!;
      best = [xs[i]!, xs[i + 1]!];
    }
  }
  return [(best[0] + best[1]) / 2, lat];
}

function crossings(ring: Position[], lat: number): number[] {
  const xs: number[] = [];
  for (let i = 0; i + 1 < ring.length; i++) {
    const [x1, y1] = ring[i] as [number, number];
    const [x2, y2] = ring[i + 1] as [number, number];
    if (y1 > lat !== y2 > lat) xs.push(x1 + ((lat - y1) / (y2 - y1)) * (x2 - x1));
  }
  return xs;
}

function ringArea(ring: Position[]): number {
  let sum = 0;
  for (let i = 0; i + 1 < ring.length; i++) sum += ring[i]![0]! * ring[i + 1]![1]! - ring[i + 1]![0]! * ring[i]![1]!;
  return Math.abs(sum / 2);
}

function round(x: number, digits: number): number {
  return Number(x.toFixed(digits));
}
