import type { components } from '../api/schema';

export type Mark = components['schemas']['MarkView'];

/** A stretch of a pasted text: plain, or what it was taken for. */
export interface Piece { text: string; mark?: Mark }

/** Cuts a text at its marks. Places are counted in characters (code points), as the server does. */
export function piecesOf(text: string, marks: readonly Mark[]): Piece[] {
  const letters = [...text];
  const out: Piece[] = [];
  let at = 0;
  const plain = (to: number) => { if (to > at) out.push({ text: letters.slice(at, to).join('') }); };
  for (const mark of marks) {
    plain(mark.from);
    out.push({ text: letters.slice(mark.from, mark.to).join(''), mark });
    at = mark.to;
  }
  plain(letters.length);
  return out;
}

const kinds: Record<string, string> = {
  issuer: '发布单位', act: '事由', issued: '发布时间', hazard: '灾种', level: '等级', window: '时段', region: '区域', excluded: '不含', count: '县数', advice: '措施', unread: '没有读出',
};

/** "区域：石棉县 511824", and that it wants a look. */
export const meaning = (m: Mark): string => `${kinds[m.kind] ?? ''}：${m.means}${m.certain || m.kind === 'unread' ? '' : '（待核对）'}`;

/** How a mark is drawn: read, to be confirmed, or not read. */
export const look = (m: Mark): 'read' | 'doubt' | 'unread' => (m.kind === 'unread' ? 'unread' : m.certain ? 'read' : 'doubt');

/** The marks that a person has to see to, in order. */
export const open = (marks: readonly Mark[]): Mark[] => marks.filter((m) => look(m) !== 'read');
