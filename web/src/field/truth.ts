import { clock } from '../format/time';
import type { Kept } from './outbox';

/** The truths in words: kept here · on its way · reached the duty room, with the time. */
export function truthWords(k: Pick<Kept, 'truth' | 'reachedAt'>): string {
  switch (k.truth) {
    case 'kept': return '存在手机里，没发出';
    case 'sending': return '正在路上';
    case 'reached': return `${clock(k.reachedAt!)} 到值班室`;
    case 'refused': return '值班室没有收下';
  }
}

/** One line about everything that waits. */
export function waitingWords(waiting: Pick<Kept, 'truth'>[], connected: boolean): string {
  if (waiting.length === 0) return '都已到值班室';
  return connected ? `${waiting.length} 件正在发` : `${waiting.length} 件还没到值班室`;
}

/** What the duty room did not take and that nothing has made good since: it needs the person again. */
export function notTaken(kept: Kept[]): Kept[] {
  return kept.filter((k) => k.truth === 'refused'
    && !kept.some((later) => later.seq > k.seq && later.truth === 'reached' && later.path === k.path && later.about.response === k.about.response));
}
