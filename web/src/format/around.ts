import { count } from './people';

/** "850 米", "3.3 公里". */
export function kmWords(metres: number): string {
  return metres < 1000 ? `${Math.round(metres / 10) * 10} 米` : `${(metres / 1000).toFixed(1)} 公里`;
}

/** Who is at a site just outside, by what is known best: "12 人", "可能 3 人", "应在 6 人". */
export function whoWords(p: { certain: number; possible: number; expected?: number | null }): string {
  if (p.certain) return `${count(p.certain)} 人`;
  return p.possible ? `可能 ${count(p.possible)} 人` : `应在 ${count(p.expected ?? 0)} 人`;
}
