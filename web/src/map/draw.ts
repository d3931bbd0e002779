import type { Feature, Polygon } from 'geojson';
import type { Map as MapLibre } from 'maplibre-gl';
import { TerraDraw, TerraDrawCircleMode, TerraDrawPolygonMode, TerraDrawSelectMode, type GeoJSONStoreFeatures } from 'terra-draw';
import { TerraDrawMapLibreGLAdapter } from 'terra-draw-maplibre-gl-adapter';
import type { AreaIn } from '../api/types';
import { circleOf, hasArea } from './shape';

export type Tool = 'select' | 'polygon' | 'circle';

export interface Shape { id: string; kind: 'polygon' | 'circle'; area: AreaIn; vertices: number }

export interface Drawing {
  setTool(tool: Tool): void;
  add(kind: Shape['kind'], polygons: Polygon[]): void;
  remove(id: string): void;
  undo(): void;
  colour(hex: `#${string}`): void;
  stop(): void;
}

/** Starts the drawing tools on the map. `onShapes` hears every move of a vertex, `onTool` when a shape is finished. */
export function startDrawing(map: MapLibre, colour: `#${string}`, onShapes: (shapes: Shape[]) => void, onTool: (tool: Tool) => void): Drawing {
  const draw = new TerraDraw({ adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: 6 }), modes: modes(colour) });
  let history: GeoJSONStoreFeatures[][] = [];
  let finished: GeoJSONStoreFeatures[] = [];

  const features = () => draw.getSnapshot().filter(isShape);
  const report = () => onShapes(features().map(toShape));

  draw.start();
  draw.setMode('polygon');
  draw.on('change', report);
  draw.on('finish', (id, context) => {
    remember();
    if (context.action !== 'draw') return;
    draw.setMode('select');
    draw.selectFeature(id);
    onTool('select');
  });

  function remember(): void {
    history.push(finished);
    finished = structuredClone(features());
  }

  return {
    setTool: (tool) => draw.setMode(tool),
    add(kind, polygons) {
      draw.addFeatures(polygons.map((geometry): GeoJSONStoreFeatures => ({ type: 'Feature', geometry, properties: { mode: kind } })));
      remember();
      report();
    },
    remove(id) {
      draw.setMode('select');
      draw.removeFeatures([id]);
      remember();
      onTool('select');
    },
    undo() {
      const before = history.pop();
      if (!before) return;
      draw.setMode('select');
      draw.clear();
      draw.addFeatures(before.map(({ geometry, properties }) => ({ type: 'Feature', geometry, properties: { mode: properties.mode! } })));
      finished = structuredClone(features());
      onTool('select');
      report();
    },
    colour(hex) {
      const { polygon, circle } = styles(hex);
      draw.updateModeOptions<typeof TerraDrawPolygonMode>('polygon', { styles: polygon });
      draw.updateModeOptions<typeof TerraDrawCircleMode>('circle', { styles: circle });
    },
    stop() {
      history = [];
      draw.stop();
    },
  };
}

function isShape(f: GeoJSONStoreFeatures): f is GeoJSONStoreFeatures<Polygon> {
  return f.geometry.type === 'Polygon' && (f.properties.mode === 'polygon' || f.properties.mode === 'circle')
    && hasArea(f.geometry);
}

function toShape(f: GeoJSONStoreFeatures<Polygon>): Shape {
  const geometry: Feature<Polygon>['geometry'] = { type: 'Polygon', coordinates: f.geometry.coordinates };
  const kind = f.properties.mode as Shape['kind'];
  return {
    id: String(f.id), kind, vertices: geometry.coordinates.reduce((n, ring) => n + ring.length - 1, 0),
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
