import type { WarningRow } from '../api/types';

/** The names of a bulletin that nobody has answered for yet, as the text has them. */
export const openNames = (w: Pick<WarningRow, 'names'>): string[] => (w.names?.items ?? []).filter((n) => !n.answer).map((n) => n.name);

/** "2 个地名未能识别：汉元县、荥京县"; empty when there is none. */
export function unreadWords(names: string[]): string {
  return names.length ? `${names.length} 个地名未能识别：${names.join('、')}` : '';
}
