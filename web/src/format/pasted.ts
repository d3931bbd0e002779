import type { Pasted } from '../api/desk';

/** The draft that a pasted text became; empty when a person has to write it. */
export const draftOf = (p: Pick<Pasted, 'messages'>): string => p.messages.map((m) => m.warning_id).find((id) => /[1-9a-f]/.test(id)) ?? '';

/** Why nothing was drafted from a text: what was decided about each message, then what could not be read. */
export function whyNot(p: Pick<Pasted, 'messages' | 'reasons'>): string {
  const all = [...p.messages.flatMap((m) => m.why), ...p.reasons].map((r) => r.text.replace(/。$/, ''));
  return [...new Set(all)].join('；') || '没有认出灾种、等级和区域';
}

/** As much as the server takes of one pasted text. */
export const pasteLimit = 100_000;

/** The size of a text as it is sent. */
export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** "微信 · 县防办工作群": how a text came and from whom, within what the server keeps of it. */
export function sourceWords(way: string, from: string): string {
  return [way, from.trim()].filter(Boolean).join(' · ').slice(0, 200);
}
