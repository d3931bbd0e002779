import type { Feature, LineString, Polygon, Position } from 'geojson';
import type { Map as MapLibre } from 'maplibre-gl';
import { TerraDraw, TerraDrawCircleMode, TerraDrawLineStringMode, TerraDrawPolygonMode, TerraDrawRectangleMode, TerraDrawSelectMode, type GeoJSONStoreFeatures } from 'terra-draw';
import { TerraDrawMapLibreGLAdapter } from 'terra-draw-maplibre-gl-adapter';
import type { AreaIn } from '../api/types';
import { circleOf, hasArea, rounded, selfCrossings } from './shape';

/** What the hand does on the map. A stroke (line, subtract, cut) is no area itself: it is worked into the areas. */
export type Stroke = 'line' | 'subtract' | 'cut';
export type Tool = 'select' | 'polygon' | 'circle' | 'rectangle' | Stroke;

/** `crossings` are where the edge crosses itself: such a shape is not taken until it is mended. A `whole` shape has a hole or too many corners to be dragged. */
export interface Shape { id: string; kind: 'polygon' | 'circle' | 'whole'; area: AreaIn; vertices: number; crossings: Position[] }

export interface Drawing {
  setTool(tool: Tool): void;
  add(kind: 'polygon' | 'circle', polygons: Polygon[]): void;
  /** Takes shapes away and puts others there, as one step. */
  replace(ids: string[], polygons: Polygon[]): void;
  remove(id: string): void;
  undo(): void;
  redo(): void;
  colour(hex: `#${string}`): void;
  stop(): void;
}

export interface Hears {
  /** Every move of a vertex. */
  shapes(shapes: Shape[]): void;
  /** A shape is finished. */
  tool(tool: Tool): void;
  stroke(kind: Stroke, geometry: LineString | Polygon): void;
}

/** More corners than this cannot be dragged with a mouse. */
export const draggable = 400;

type Moment = { features: GeoJSONStoreFeatures[]; whole: Shape[] };
const modeOf = (tool: Tool) => ({ line: 'linestring', cut: 'linestring', subtract: 'polygon' }[tool as string] ?? tool);

/** Starts the drawing tools on the map. */
export function startDrawing(map: MapLibre, colour: `#${string}`, hears: Hears): Drawing {
  const draw = new TerraDraw({ adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: 6 }), modes: modes(colour) });
  const past: Moment[] = [];
  const future: Moment[] = [];
  let tool: Tool = 'polygon';
  let whole: Shape[] = [];
  let stands: Moment = { features: [], whole: [] };
  let serial = 0;

  const features = () => draw.getSnapshot().filter(isShape);
  // A half-drawn subtraction is no area.
  const report = () => (tool === 'subtract' && draw.getMode() === 'polygon' ? undefined : hears.shapes([...features().map(toShape), ...whole]));

  draw.start();
  draw.setMode('polygon');
  draw.on('change', report);
  draw.on('finish', (id, context) => {
    if (context.action !== 'draw') return remember();
    // The mode still holds the feature in this very call.
    queueMicrotask(() => finished(id));
  });

  function finished(id: string | number): void {
    const f = draw.getSnapshotFeature(id);
    if (!f) return;
    const done = tool;
    draw.setMode('select');
    setTool('select');
    if (done === 'line' || done === 'cut' || done === 'subtract') {
      draw.removeFeatures([id]);
      hears.stroke(done, f.geometry as LineString | Polygon);
    } else if (done === 'rectangle') {
      draw.removeFeatures([id]);
      put('polygon', [f.geometry as Polygon]);
      remember();
      report();
    } else {
      remember();
      draw.selectFeature(id);
    }
    hears.tool('select');
  }

  function setTool(next: Tool): void {
    tool = next;
    draw.setMode(modeOf(next));
  }

  function put(kind: 'polygon' | 'circle', polygons: Polygon[]): void {
    for (const g of polygons.map(rounded)) {
      const vertices = corners(g);
      if (g.coordinates.length > 1 || vertices > draggable) whole = [...whole, { id: `whole-${serial++}`, kind: 'whole', area: { geometry: g }, vertices, crossings: [] }];
      else draw.addFeatures([{ type: 'Feature', geometry: g, properties: { mode: kind } }]);
    }
  }

  function remember(): void {
    past.push(stands);
    future.length = 0;
    stands = { features: structuredClone(features()), whole };
  }

  function goTo(from: Moment[], to: Moment[]): void {
    const moment = from.pop();
    if (!moment) return;
    to.push(stands);
    setTool('select');
    draw.clear();
    draw.addFeatures(moment.features.map(({ geometry, properties }) => ({ type: 'Feature', geometry, properties: { mode: properties.mode! } })));
    whole = moment.whole;
    stands = { features: structuredClone(features()), whole };
    hears.tool('select');
    report();
  }

  function takeAway(ids: string[]): void {
    setTool('select');
    draw.removeFeatures(features().map((f) => f.id!).filter((id) => ids.includes(String(id))));
    whole = whole.filter((s) => !ids.includes(s.id));
  }

  return {
    setTool,
    add(kind, polygons) {
      put(kind, polygons);
      remember();
      report();
    },
    replace(ids, polygons) {
      takeAway(ids);
      put('polygon', polygons);
      remember();
      hears.tool('select');
      report();
    },
    remove(id) {
      takeAway([id]);
      remember();
      hears.tool('select');
      report();
    },
    undo: () => goTo(past, future),
    redo: () => goTo(future, past),
    colour(hex) {
      const { polygon, circle } = styles(hex);
      draw.updateModeOptions<typeof TerraDrawPolygonMode>('polygon', { styles: polygon });
      draw.updateModeOptions<typeof TerraDrawCircleMode>('circle', { styles: circle });
    },
    stop() {
      past.length = 0;
      draw.stop();
    },
  };
}

const corners = (g: Polygon): number => g.coordinates.reduce((n, ring) => n + ring.length - 1, 0);

function isShape(f: GeoJSONStoreFeatures): f is GeoJSONStoreFeatures<Polygon> {
  return f.geometry.type === 'Polygon' && ['polygon', 'circle', 'rectangle'].includes(String(f.properties.mode))
    // The two halves of a bow tie cancel each other out: it is a shape all the same, to be refused in words.
    && (hasArea(f.geometry) || selfCrossings(f.geometry.coordinates[0]!).length > 0);
}

function toShape(f: GeoJSONStoreFeatures<Polygon>): Shape {
  const geometry: Feature<Polygon>['geometry'] = { type: 'Polygon', coordinates: f.geometry.coordinates };
  const kind = f.properties.mode === 'circle' ? 'circle' : 'polygon';
  return {
    id: String(f.id), kind, vertices: corners(geometry), crossings: kind === 'circle' ? [] : selfCrossings(geometry.coordinates[0]!),
    area: kind === 'circle' ? { circle: circleOf(geometry) } : { geometry },
  };
}

function styles(hex: `#${string}`) {
  const shape = { fillColor: hex, fillOpacity: 0.14, outlineColor: hex, outlineWidth: 2 };
  return { polygon: { ...shape, closingPointColor: hex, closingPointOutlineColor: '#17211F' as const }, circle: shape };
}

function modes(hex: `#${string}`) {
  const { polygon, circle } = styles(hex);
  return [
    // Escape goes back a step and must not lose what is drawn.
    new TerraDrawPolygonMode({ styles: polygon, keyEvents: { cancel: null, finish: 'Enter' } }),
    new TerraDrawRectangleMode({ styles: circle, keyEvents: { cancel: null, finish: 'Enter' } }),
    new TerraDrawLineStringMode({ styles: { lineStringColor: '#17211F', lineStringWidth: 3, closingPointColor: '#17211F' }, keyEvents: { cancel: null, finish: 'Enter' } }),
    new TerraDrawCircleMode({ styles: circle, keyEvents: { cancel: null, finish: 'Enter' } }),
    new TerraDrawSelectMode({
      styles: {
        selectedPolygonColor: hex, selectedPolygonFillOpacity: 0.18, selectedPolygonOutlineColor: hex, selectedPolygonOutlineWidth: 2,
        selectionPointColor: '#FFFFFF', selectionPointOutlineColor: '#17211F', selectionPointWidth: 5, selectionPointOutlineWidth: 2,
        midPointColor: '#FFFFFF', midPointOutlineColor: '#17211F', midPointWidth: 3, midPointOutlineWidth: 1,
      },
      keyEvents: { deselect: null, delete: 'Delete', rotate: null, scale: null },
      flags: {
        polygon: { feature: { draggable: true, coordinates: { midpoints: true, draggable: true, deletable: true } } },
        circle: { feature: { draggable: true, coordinates: { draggable: false, resizable: 'center' } } },
      },
    }),
  ];
}
