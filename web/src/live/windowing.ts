/** Where each line of a list begins, in px; one more than there are lines: the last is the height of all. */
export function offsets(heights: number[]): number[] {
  const tops = [0];
  for (const h of heights) tops.push(tops.at(-1)! + h);
  return tops;
}

/** The line that holds a height. */
function lineAt(tops: number[], y: number): number {
  let low = 0;
  let high = tops.length - 2;
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    if (tops[mid]! <= y) low = mid;
    else high = mid - 1;
  }
  return low;
}

/** The lines from (with) and to (without) that are drawn: what is in sight and a little more on both sides. */
export function inSight(tops: number[], scrollTop: number, height: number, margin = 200): { from: number; to: number } {
  const lines = tops.length - 1;
  if (lines <= 0) return { from: 0, to: 0 };
  return { from: lineAt(tops, Math.max(0, scrollTop - margin)), to: Math.min(lines, lineAt(tops, scrollTop + height + margin) + 1) };
}

/** Where to scroll so that a line is in sight; where it is when it already is. */
export function scrollTo(tops: number[], line: number, scrollTop: number, height: number): number {
  const top = tops[line] ?? 0;
  const bottom = tops[line + 1] ?? top;
  if (top < scrollTop) return top;
  return bottom > scrollTop + height ? bottom - height : scrollTop;
}
