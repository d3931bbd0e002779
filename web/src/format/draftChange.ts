import type { Warning } from '../api/types';

type Said = Pick<Warning, 'level' | 'hazard' | 'title' | 'basis' | 'note' | 'expires' | 'areas' | 'choices'>;

const parts: [keyof Said, string][] = [
  ['level', '等级'], ['hazard', '灾种'], ['areas', '区域'], ['choices', '单独调整的点位'], ['expires', '失效时间'], ['title', '标题'], ['basis', '依据'], ['note', '说明'],
];

/** Of an area only where it is: its level goes with the warning's. */
const part = (d: Said, name: keyof Said): string => JSON.stringify(name === 'areas' ? d.areas.map((a) => [a.regions, a.geometry, a.certain]) : d[name]);

/** "改了等级、区域": in what two versions of a draft differ, the gravest first. */
export function draftChange(before: Said, after: Said): string {
  const changed = parts.filter(([name]) => part(before, name) !== part(after, name)).map(([, word]) => word);
  return changed.length ? `改了${changed.join('、')}` : '内容没有变';
}
