import { doing } from './store';
import { doneWord, type Act } from './step';
import type { Thread } from './types';

const said: Record<Act, (t: Thread) => string> = {
  acknowledge: () => '收到', move: () => '开始转移', 'carry-out': (t) => `报告${doneWord(t.measure)}`, report: () => '报告人到齐',
};

export interface Told { safe?: number; missing?: number; evidence?: string[]; words?: string }

/** Does one act to sites, as one thing: it arrives for all of them or for none. */
export function act(what: Act, threads: Thread[], told: Told = {}): Promise<void> {
  const names = threads.length === 1 ? threads[0]!.site_name : `${threads[0]!.site_name} 等 ${threads.length} 处`;
  return doing({
    path: `/responses/${what}`, body: { ids: threads.map((t) => t.id), ...told }, title: `${said[what](threads[0]!)} · ${names}`,
    about: { responses: threads.map((t) => t.id), response: threads[0]!.id, site: threads[0]!.site_id },
  });
}
