import type { Polygon } from 'geojson';
import type { Tool } from '../map/draw';

/** What an officer has in hand at the map: a drawing tool, the regions, or the paste box. */
export type DrawChoice = Tool | 'region' | 'paste';

/** What a page may do with the drawing tools; what is asked before they are ready is done when they are. */
export interface ToolsHandle {
  add(kind: 'polygon' | 'circle', polygons: Polygon[]): void;
  replace(ids: string[], polygons: Polygon[]): void;
  remove(id: string): void;
  choose(tool: DrawChoice): void;
}
