import type { Muster, MusterPerson } from '../api/response';

/** "应到 96 · 已到 92 · 未清点 2 · 失联 2": what the roll call has so far; zeros are left out but the list itself. */
export function rollWords(m: Pick<Muster, 'listed' | 'safe' | 'unaccounted' | 'missing' | 'elsewhere' | 'disputed' | 'back'>): string {
  const parts: [string, number][] = [['已到', m.safe], ['失联', m.missing], ['未清点', m.unaccounted], ['在别处', m.elsewhere], ['说法不同', m.disputed], ['清点后又进入', m.back]];
  return [`应到 ${m.listed}`, ...parts.filter(([, n]) => n > 0).map(([word, n]) => `${word} ${n}`)].join(' · ');
}

const why: Record<string, string> = { bed: '住宿', shift: '班次', present: '打卡在场', entered: '后来进入', found: '现场发现', leave: '请假却在场' };

/** Why somebody stands on the list: "住宿、打卡在场". */
export function whyListed(p: Pick<MusterPerson, 'why'>): string {
  return (p.why ?? []).map((w) => why[w] ?? w).join('、');
}

/** Those who must still be found, or heard of again: missing, of two opinions, gone back in; then those nobody has asked about. */
export function unfound<P extends Pick<MusterPerson, 'state' | 'disputed' | 'back'>>(people: P[]): { missing: P[]; open: P[] } {
  const wanted = (p: P) => p.state === 'missing' || p.disputed || p.back;
  return { missing: people.filter(wanted), open: people.filter((p) => !wanted(p) && p.state !== 'safe' && p.state !== 'elsewhere') };
}
