import { readonly, ref } from 'vue';
import { en } from './en';
import { zh, type Word } from './zh';

export type Language = 'zh' | 'en';
const shelf = 'muster.language';
const dictionaries: Record<Language, Record<Word, string>> = { zh, en };

function kept(): Language {
  try {
    return globalThis.localStorage?.getItem(shelf) === 'en' ? 'en' : 'zh';
  } catch {
    return 'zh';
  }
}

const chosen = ref<Language>(kept());
export const language = readonly(chosen);

/** A word in the language of the desk. Chinese first: what has no English yet stays Chinese. */
export const t = (word: Word): string => dictionaries[chosen.value][word];

/** Changes the language of this desk, and keeps it. */
export function speak(to: Language): void {
  chosen.value = to;
  if (typeof document !== 'undefined') document.documentElement.lang = to === 'en' ? 'en' : 'zh-CN';
  try {
    globalThis.localStorage?.setItem(shelf, to);
  } catch { /* for this page only */ }
}
