import type { Curve } from '../api/registry';
import { moment } from './time';

export const width = 376;
export const height = 150;
const left = 30;
const top = 18;
const bottom = height - 18;

/** Where an instant stands in the picture. */
export const place = (c: Pick<Curve, 'from' | 'to'>, at: number): number => {
  const [a, b] = [Date.parse(c.from), Date.parse(c.to)];
  return left + (width - left) * Math.max(0, Math.min(1, (at - a) / (b - a)));
};

/** The instant of a place in the picture, in whole minutes. */
export function instantAt(c: Pick<Curve, 'from' | 'to'>, x: number): string {
  const [a, b] = [Date.parse(c.from), Date.parse(c.to)];
  const share = Math.max(0, Math.min(1, (x - left) / (width - left)));
  return new Date(Math.floor((a + (b - a) * share) / 60_000) * 60_000).toISOString();
}

/** A round number at or above the most people: 1, 2 or 5 times a power of ten. */
export function ceiling(n: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, n)));
  return [1, 2, 5, 10].map((f) => f * power).find((x) => x >= n)!;
}

/** Where a warning stands in the picture; one that still runs goes to the right edge. */
export function band(c: Curve, w: { from: string; until: string | null }): { x: number; w: number } {
  const x = place(c, Date.parse(w.from));
  return { x, w: Math.max(2, place(c, w.until ? Date.parse(w.until) : Date.parse(c.to)) - x) };
}

/** Paths and marks: certain people as an area, possible ones as a strip on top of it, never as one sum in a number. */
export function drawCurve(c: Curve) {
  const most = Math.max(0, ...c.points.map((p) => p.certain));
  const high = ceiling(Math.max(1, ...c.points.map((p) => p.certain + p.possible)));
  const y = (n: number) => Number((bottom - ((bottom - top) * n) / high).toFixed(1));
  const x = (at: string) => Number(place(c, Date.parse(at)).toFixed(1));
  const along = (of: (p: Curve['points'][number]) => number) => c.points.map((p) => `${x(p.at)} ${y(of(p))}`);
  const certain = along((p) => p.certain);
  const both = along((p) => p.certain + p.possible);
  const ends = c.points.length ? [x(c.points[0]!.at), x(c.points.at(-1)!.at)] : [left, left];
  return {
    most, last: c.points.at(-1)?.certain ?? 0,
    line: certain.length ? `M${certain.join('L')}` : '',
    area: certain.length ? `M${ends[0]} ${bottom}L${certain.join('L')}L${ends[1]} ${bottom}Z` : '',
    possible: certain.length ? `M${both.join('L')}L${[...certain].reverse().join('L')}Z` : '',
    ticks: [0, high / 2, high].filter(Number.isInteger).map((n) => ({ n, y: y(n) })),
    hours: hours(c),
  };
}

/** Every twelve hours by China's clock; the first and the last leave room for their text. */
function hours(c: Curve): { x: number; text: string }[] {
  const step = 12 * 3_600_000;
  const shift = 8 * 3_600_000;
  const marks = [];
  for (let at = Math.ceil((Date.parse(c.from) + shift) / step) * step - shift; at < Date.parse(c.to); at += step) marks.push({ x: place(c, at), text: moment(at, c.to) });
  return marks.filter((m) => m.x > left + 24 && m.x < width - 24);
}
