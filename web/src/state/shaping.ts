import type { Geometry, LineString, Polygon } from 'geojson';
import { computed, ref, shallowRef, type Ref } from 'vue';
import { areas } from '../api/areas';
import { preview, type PreviewIn } from '../api/endpoints';
import { inWords } from '../api/problem';
import type { Shape, Stroke } from '../map/draw';
import { boxOf, circlePolygon, polygonsOf } from '../map/shape';

interface Tools { add(kind: 'polygon' | 'circle', polygons: Polygon[]): void; replace(ids: string[], polygons: Polygon[]): void }

/** What a mended shape would be: shown before it is taken. */
export interface Mend { id: string; polygons: Polygon[]; km2: number; difference: number; sites: number }

/** Half the gap of a cut in metres: enough to keep the parts apart, too little to lose a site. */
const halfGap = 1;

/** Works strokes into the drawn shapes and mends those whose edge crosses itself. The server does the geometry. */
export function useShaping(shapes: Ref<Shape[]>, tools: () => Tools | null, question: () => Pick<PreviewIn, 'level' | 'hazard'>) {
  const line = shallowRef<LineString | null>(null);
  const mend = shallowRef<Mend | null>(null);
  const problem = ref('');
  const busy = ref(false);
  const broken = computed(() => shapes.value.filter((s) => s.crossings.length > 0));

  async function guarded(work: () => Promise<void>): Promise<void> {
    busy.value = true;
    problem.value = '';
    try {
      await work();
    } catch (error) {
      problem.value = inWords(error);
    } finally {
      busy.value = false;
    }
  }

  function stroke(kind: Stroke, geometry: LineString | Polygon): void {
    if (kind === 'line') line.value = geometry as LineString;
    else void guarded(() => (kind === 'cut' ? cut(geometry as LineString) : takeOut(geometry)));
  }

  async function cut(along: LineString): Promise<void> {
    const gap = (await areas.buffer(along, halfGap)).geometry;
    if (gap) await takeOut(gap);
  }

  async function takeOut(hole: Geometry): Promise<void> {
    const hit = shapes.value.filter((s) => s.crossings.length === 0 && touch(outline(s), hole));
    const left = await Promise.all(hit.map(async (s) => polygonsOf((await areas.subtract(outline(s)!, hole)).geometry)));
    if (hit.length) tools()?.replace(hit.map((s) => s.id), left.flat());
    else problem.value = '没有碰到已画的区域，没有扣除。';
  }

  /** The stretch around a line, a valley or a road, becomes an area. */
  const buffer = (radius_m: number) => guarded(async () => {
    const around = (await areas.buffer(line.value!, radius_m)).geometry;
    tools()?.add('polygon', polygonsOf(around));
    line.value = null;
  });

  const askMend = (shape: Shape) => guarded(async () => {
    const read = await areas.read({ text: JSON.stringify(shape.area.geometry), format: 'geojson', datum: 'wgs84' });
    const [mended] = read.areas;
    if (!mended) throw new Error('修补不了，请移动顶点或撤销重画。');
    const polygons = polygonsOf(mended.geometry);
    const under = await preview({ ...question(), areas: polygons.map((geometry) => ({ geometry })) });
    mend.value = { id: shape.id, polygons, km2: mended.km2, difference: mended.difference_km2, sites: under.totals.sites };
  });

  function takeMend(): void {
    if (mend.value) tools()?.replace([mend.value.id], mend.value.polygons);
    mend.value = null;
  }

  return { line, mend, problem, busy, broken, stroke, buffer, askMend, takeMend };
}

function outline({ area }: Shape): Geometry | null {
  const c = area.circle;
  return c ? circlePolygon(c.lon, c.lat, c.radius_m) : area.geometry ?? null;
}

/** Whether the boxes meet: what lies apart is not asked about. */
function touch(a: Geometry | null, b: Geometry): boolean {
  const [one, two] = [a && boxOf([a]), boxOf([b])];
  return !!one && !!two && one[0] <= two[2] && two[0] <= one[2] && one[1] <= two[3] && two[1] <= one[3];
}
