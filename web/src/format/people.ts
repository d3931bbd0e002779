import type { People } from '../api/types';

const thousands = new Intl.NumberFormat('en-US');

/** 1204 → "1,204". */
export function count(n: number): string {
  return thousands.format(n);
}

/** "96 +8": certain, then possible. The two are never added up; no possible people, no second number. */
export function peopleText(p: People): string {
  return p.possible > 0 ? `${count(p.certain)} +${count(p.possible)}` : count(p.certain);
}

/** The same for a screen reader and for sentences. */
export function peopleSpoken(p: People): string {
  return p.possible > 0 ? `确定 ${count(p.certain)} 人，可能另有 ${count(p.possible)} 人` : `确定 ${count(p.certain)} 人`;
}

/** How two counts differ, in words; empty when they do not. */
export function changeSince(before: People, now: People): string {
  const parts = [
    signed('确定', now.certain - before.certain),
    signed('可能', now.possible - before.possible),
  ].filter(Boolean);
  return parts.join('，');
}

function signed(word: string, n: number): string {
  if (n === 0) return '';
  return n > 0 ? `${word}多 ${count(n)} 人` : `${word}少 ${count(-n)} 人`;
}

/** The difference between who should be there and who is taken to be there. */
export function expectedInWords(p: People & { expected?: number | null }): string {
  if (p.expected == null || p.expected === 0) return '';
  const low = p.expected - p.certain - p.possible;
  if (low > 0) return `应在 ${count(p.expected)}，比“确定和可能”还多 ${count(low)} 人没有记录`;
  if (p.certain > p.expected) return `应在 ${count(p.expected)}，现场确定的多出 ${count(p.certain - p.expected)} 人`;
  return `应在 ${count(p.expected)}`;
}

/** Certain and possible of many sites, each its own total. */
export function totalPeople(all: Iterable<People>): People {
  let certain = 0;
  let possible = 0;
  for (const p of all) {
    certain += p.certain;
    possible += p.possible;
  }
  return { certain, possible };
}
