import type { Warning } from '../api/types';

type Said = Pick<Warning, 'level' | 'hazard' | 'title' | 'basis' | 'note' | 'expires' | 'areas' | 'choices'>;

const parts: [keyof Said, string][] = [
  ['level', '等级'], ['hazard', '灾种'], ['areas', '区域'], ['choices', '单独调整的点位'], ['expires', '失效时间'], ['title', '标题'], ['basis', '依据'], ['note', '说明'],
];

/** "改了等级、区域": in what two versions of a draft differ, the gravest first. */
export function draftChange(before: Said, after: Said): string {
  const changed = parts.filter(([part]) => JSON.stringify(before[part]) !== JSON.stringify(after[part])).map(([, word]) => word);
  return changed.length ? `改了${changed.join('、')}` : '内容没有变';
}
