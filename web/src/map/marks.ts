import type { Map as MapLibre } from 'maplibre-gl';
import { levelLook } from '../format/level';
import { measureLook, measures, type Shape } from '../format/measure';

const ratio = 3;
const box = 22;

/** The name of the picture of a mark; possible matches are drawn dashed, released ones as a grey ghost. */
export function markName(level: string, measure: string, certain: boolean, released = false): string {
  return released ? 'mark-released' : `mark-${level}-${measure}${certain ? '' : '-possible'}`;
}

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
}

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
