import type { ThreadEvent } from '../api/response';

type Word = (list: string, code: string) => string;

const text = (v: unknown): string => (typeof v === 'string' ? v : '');
const list = (v: unknown): string[] => (Array.isArray(v) ? v.filter((x) => typeof x === 'string') : []);

/** Who it was, through what: "示例·朱二〇三 · 短信"; what the machine did by itself names nobody. */
export function eventBy(e: ThreadEvent, word: Word): string {
  const who = e.person ?? (e.actor === 'muster' ? '' : e.actor);
  return [who, e.channel ? word('channels', e.channel) : ''].filter(Boolean).join(' · ');
}

/** What was said or counted with it, in words; what the page has no words for is left to the record. */
export function eventDetail(e: ThreadEvent, word: Word): string {
  const d = e.detail ?? {};
  const parts = [
    text(d.outcome) && word('calls', text(d.outcome)),
    text(d.reason) && word('refusals', text(d.reason)),
    text(d.party) && `${e.event === 'climbed' || e.event === 'skipped' ? '叫' : ''}${word('parties', text(d.party))}`,
    typeof d.round === 'number' && d.round > 0 ? `第 ${d.round} 轮` : '',
    typeof d.people === 'number' ? `${d.people} 人` : '',
    typeof d.safe === 'number' ? `清点到 ${d.safe} 人` : '',
    typeof d.missing === 'number' && d.missing > 0 ? `未找到 ${d.missing} 人` : '',
    list(d.evidence).map((c) => word('evidence', c)).join('、'),
    list(d.checklist).length ? `已查 ${list(d.checklist).join('、')}` : '',
    d.moved === true ? '有垮塌或移动' : '',
    d.supervisor === true ? '监理签认' : '',
    d.geologist === true ? '附地质人员意见' : '',
    d.stricter === true ? '要求更严' : '',
  ];
  return [...parts, e.words && `“${e.words}”`].filter(Boolean).join(' · ');
}

/** Where an event says that the time of the sender and the time we heard of it are apart. */
export function heardLate(e: Pick<ThreadEvent, 'at' | 'recorded_at'>): number {
  const ms = Date.parse(e.recorded_at) - Date.parse(e.at);
  return ms > 60_000 ? ms : 0;
}
