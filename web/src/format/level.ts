import type { Level } from '../api/types';

export interface LevelLook { word: string; rank: string; fill: string; line: string; ink: string }

// Colours as in styles/tokens.css; the map draws on a canvas and cannot read the custom properties.
const looks: Record<Level, LevelLook> = {
  red: { word: '红色', rank: 'Ⅰ级', fill: '#C4161C', line: '#C4161C', ink: '#6E0B10' },
  orange: { word: '橙色', rank: 'Ⅱ级', fill: '#F08A1D', line: '#D9720A', ink: '#5A2C00' },
  yellow: { word: '黄色', rank: 'Ⅲ级', fill: '#F5CD2B', line: '#B8960F', ink: '#665200' },
  blue: { word: '蓝色', rank: 'Ⅳ级', fill: '#1F66C9', line: '#1F66C9', ink: '#123E7C' },
  unknown: { word: '未定级', rank: '', fill: '#BAC4BF', line: '#5F6B67', ink: '#17211F' },
};

/** The look of a level; a word the page does not know is shown as "not graded", never dropped. */
export function levelLook(level: string): LevelLook {
  return looks[level as Level] ?? looks.unknown;
}

/** Worst first; an ungraded one stands with orange, as it is handled. */
export function levelOrder(level: string): number {
  return { red: 0, orange: 1, unknown: 1, yellow: 2, blue: 3 }[level] ?? 1;
}

/** The levels an officer can choose, in the order of the row of buttons. */
export const levels: Level[] = ['blue', 'yellow', 'orange', 'red'];
