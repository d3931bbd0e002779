import type { Map as MapLibre } from 'maplibre-gl';
import { levelLook } from '../format/level';
import type { Mark } from '../format/threadState';
import { measureLook, measures, type Shape } from '../format/measure';

const ratio = 3;
const box = 22;

/** The name of the picture of a mark; possible matches are drawn dashed, released ones as a grey ghost. */
export function markName(level: string, measure: string, certain: boolean, released = false): string {
  return released ? 'mark-released' : `mark-${level}-${measure}${certain ? '' : '-possible'}`;
}

/** The name of the picture of where a site stands; black is trouble, tinted is on the way, a tick is done. */
export const standingName = (mark: Mark): string => `stands-${mark}`;

/** Draws every mark once and hands the pictures to the map; no sprite is fetched. */
export function addMarks(map: MapLibre): void {
  for (const level of ['red', 'orange', 'yellow', 'blue', 'unknown']) {
    for (const measure of measures) {
      for (const certain of [true, false]) {
        const { fill, ink } = levelLook(level);
        add(map, markName(level, measure, certain), (c) => paint(c, measureLook(measure).shape, fill, ink, certain));
      }
    }
  }
  add(map, 'mark-released', (c) => paint(c, 'ring', '#FFFFFF', '#5F6B67', false));
  for (const [mark, draw] of Object.entries(standings)) add(map, standingName(mark as Mark), draw);
}

const black = '#17211F';
const accent = '#0A6A61';

function disc(c: CanvasRenderingContext2D, r: number, fill: string, stroke: string, width: number): void {
  c.beginPath();
  c.arc(0, 0, r, 0, 7);
  c.fillStyle = fill;
  c.fill();
  c.strokeStyle = stroke;
  c.lineWidth = width;
  if (width) c.stroke();
}

const standings: Record<Mark, (c: CanvasRenderingContext2D) => void> = {
  silent(c) {
    disc(c, 9.5, 'rgba(255,255,255,.55)', 'rgba(23,33,31,.45)', 1.2);
    disc(c, 6, '#FFFFFF', black, 1.4);
    disc(c, 4.2, black, black, 0);
  },
  trouble: (c) => disc(c, 5.5, '#FFFFFF', black, 2.6),
  told: (c) => disc(c, 4, '#FFFFFF', '#5F6B67', 1.5),
  half(c) {
    disc(c, 4.6, '#FFFFFF', accent, 1.5);
    c.beginPath();
    c.arc(0, 0, 4.6, -Math.PI / 2, Math.PI / 2);
    c.fillStyle = accent;
    c.fill();
  },
  tick(c) {
    disc(c, 4, '#FFFFFF', '#9CC7C0', 1.2);
    c.beginPath();
    c.moveTo(-1.8, 0);
    c.lineTo(-0.4, 1.5);
    c.lineTo(2, -1.5);
    c.strokeStyle = accent;
    c.lineWidth = 1.3;
    c.stroke();
  },
};

function add(map: MapLibre, name: string, draw: (c: CanvasRenderingContext2D) => void): void {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = box * ratio;
  const c = canvas.getContext('2d')!;
  c.scale(ratio, ratio);
  c.translate(box / 2, box / 2);
  draw(c);
  map.addImage(name, c.getImageData(0, 0, canvas.width, canvas.height), { pixelRatio: ratio });
}

const radius: Record<Shape, number> = { disc: 7, house: 7, barred: 6.5, square: 5.5, ring: 4.5, dot: 3 };

function paint(c: CanvasRenderingContext2D, shape: Shape, fill: string, ink: string, certain: boolean): void {
  const r = radius[shape];
  const solid = shape === 'disc' || shape === 'dot' || shape === 'house';
  outline(c, shape, r + 1.5);
  c.fillStyle = 'rgba(255,255,255,.85)';
  c.fill();
  outline(c, shape, r);
  c.fillStyle = solid && certain ? fill : '#FFFFFF';
  c.fill();
  c.strokeStyle = ink;
  c.lineWidth = solid ? 1.4 : 2;
  if (!certain) c.setLineDash([2.2, 1.8]);
  c.stroke();
  c.setLineDash([]);
  if (shape !== 'barred') return;
  c.beginPath();
  c.moveTo(-r * 0.6, 0);
  c.lineTo(r * 0.6, 0);
  c.stroke();
}

function outline(c: CanvasRenderingContext2D, shape: Shape, r: number): void {
  c.beginPath();
  if (shape === 'square') c.rect(-r, -r, 2 * r, 2 * r);
  else if (shape === 'house') {
    c.moveTo(0, -r);
    c.lineTo(r, -r * 0.1);
    c.lineTo(r * 0.75, r * 0.85);
    c.lineTo(-r * 0.75, r * 0.85);
    c.lineTo(-r, -r * 0.1);
    c.closePath();
  } else c.arc(0, 0, r, 0, 7);
}
