import type { Pasted } from '../api/desk';

/** The draft that a pasted text became; empty when a person has to write it. */
export const draftOf = (p: Pick<Pasted, 'messages'>): string => p.messages.map((m) => m.warning_id).find((id) => /[1-9a-f]/.test(id)) ?? '';

/** As much as the server takes of one pasted text. */
export const pasteLimit = 100_000;

/** The size of a text as it is sent. */
export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** "微信 · 县防办工作群": how a text came and from whom, within what the server keeps of it. */
export function sourceWords(way: string, from: string): string {
  return [way, from.trim()].filter(Boolean).join(' · ').slice(0, 200);
}
