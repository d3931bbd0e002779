import { shallowRef } from 'vue';
import { vocabulary, type Vocabulary } from '../api/response';

const lists = shallowRef<Vocabulary>({});
let asked: Promise<void> | null = null;

/** Reads the fixed words once; until they are there a code stands for itself. */
export function loadWords(): Promise<void> {
  asked ??= vocabulary().then((v) => { lists.value = v; }).catch(() => { asked = null; });
  return asked;
}

/** The Chinese word of a code, and the list to choose from. */
export function useWords() {
  void loadWords();
  return {
    word: (list: string, code: string) => lists.value[list]?.find((w) => w.code === code)?.label ?? code,
    list: (name: string) => lists.value[name] ?? [],
  };
}
