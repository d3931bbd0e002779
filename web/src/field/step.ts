import type { Kept } from './outbox';
import type { Thread } from './types';

export type Act = 'acknowledge' | 'move' | 'carry-out' | 'report';

/** What the one button does now; null where nothing is asked of this phone. */
export interface Step { acts: Act[]; label: string; then: string }

const silent = ['pending', 'delivered', 'read', 'unanswered'];
const back = ['refused', 'reopened'];
const done = ['carried_out', 'reported', 'confirmed', 'verified'];

type Standing = Pick<Thread, 'state' | 'measure' | 'live'>;

/** Whether a site calls for an answer: nobody took it up, it was sent back, or somebody went in again. */
export const calls = (t: Standing): boolean => t.live && (silent.includes(t.state) || back.includes(t.state));

/** The way forward for a site. Who stands at it starts with one press; who answers for it from elsewhere only takes charge. */
export function stepOf(t: Standing, onSite: boolean): Step | null {
  if (calls(t)) return taking(t, onSite);
  if (t.measure === 'evacuate') {
    if (t.state === 'acknowledged') return { acts: ['move'], label: '开始转移', then: '人已经在动才按' };
    if (t.state === 'moving') return { acts: ['report'], label: '报告人到齐', then: '先清点，再报告' };
    return null;
  }
  if (t.state === 'acknowledged' && t.measure !== 'read') return { acts: ['carry-out'], label: `报告${doneWord(t.measure)}`, then: '做到了才按' };
  return null;
}

function taking(t: Standing, onSite: boolean): Step {
  const then = '按下后停止呼叫，值班室马上看到';
  if (t.state === 'refused') return { acts: ['acknowledge'], label: '收到，重新核对', then: '报告被退回，改正后再报' };
  if (t.measure === 'evacuate' && onSite) return { acts: ['acknowledge', 'move'], label: '收到，开始撤离', then };
  return { acts: ['acknowledge'], label: t.measure === 'read' ? '知道了' : '收到', then };
}

const doneWords: Record<string, string> = { stop: '已停工', patrol: '已加密巡查', shelter: '已就地避险', keep_out: '已禁入' };
export const doneWord = (measure: string): string => doneWords[measure] ?? '已落实';

const orders: Record<string, string> = {
  evacuate: '立即撤离', shelter: '就地避险', keep_out: '禁止进入', stop: '立即停工', patrol: '加密巡查', read: '请知悉',
};

/** The measure as an order. */
export const order = (t: Pick<Thread, 'measure' | 'measure_label'>): string => orders[t.measure] ?? t.measure_label;

/** Which warning it is: the server's headline without order, site and countdown, which stand large beside it and go on running. */
export const title = (t: Pick<Thread, 'headline'>): string => t.headline.split('·').find((p) => p.startsWith('《')) ?? '';

const after: Record<Act, string> = { acknowledge: 'acknowledged', move: 'moving', 'carry-out': 'carried_out', report: 'reported' };

/**
 * A site as this phone knows it: the server's word, and on top what was done here
 * and has not reached it. `ahead` is shown dashed: the duty room does not see it.
 */
export function asKnownHere<T extends Standing & { id: string }>(t: T, outbox: Kept[]): T & { ahead: boolean } {
  let state = t.state;
  let ahead = false;
  for (const k of outbox) {
    if (k.about.response !== t.id && !k.about.responses?.includes(t.id)) continue;
    if (k.truth !== 'kept' && k.truth !== 'sending') continue;
    const act = k.path.startsWith('/responses/') ? (k.path.slice('/responses/'.length) as Act) : null;
    if (!act || !after[act]) continue;
    state = after[act];
    ahead = true;
  }
  return { ...t, state, ahead };
}

const drill = (t: Pick<Thread, 'mode'>): number => Number(t.mode === 'exercise');

/** Whether all that is looked at is an exercise: only then may the page say that it is not real. */
export const allDrill = (looked: Pick<Thread, 'mode'>[]): boolean => looked.length > 0 && looked.every(drill);

/** What is real before any exercise; then worst first: what calls, the strictest measure, the highest level, the longest. */
export function byNeed(a: Thread, b: Thread): number {
  const measure = ['evacuate', 'shelter', 'keep_out', 'stop', 'patrol', 'read'];
  const level = ['red', 'orange', 'unknown', 'yellow', 'blue'];
  return drill(a) - drill(b) || Number(calls(b)) - Number(calls(a)) || Number(done.includes(a.state)) - Number(done.includes(b.state))
    || measure.indexOf(a.measure) - measure.indexOf(b.measure) || level.indexOf(a.level) - level.indexOf(b.level)
    || Date.parse(a.opened_at) - Date.parse(b.opened_at);
}

/** What is said aloud and large: sites under one warning that call together, the worst first. */
export interface Alert { key: string; threads: Thread[] }

export function alerts(threads: Thread[]): Alert[] {
  const groups = new Map<string, Thread[]>();
  for (const t of [...threads].sort(byNeed).filter(calls)) {
    const key = `${t.warning_id ?? t.id} ${t.measure} ${t.state === 'refused' ? 'refused' : ''}`;
    groups.set(key, [...(groups.get(key) ?? []), t]);
  }
  return [...groups].map(([key, list]) => ({ key, threads: list }));
}
