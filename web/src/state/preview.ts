import { onScopeDispose, ref, shallowRef, watch } from 'vue';
import { preview, type PreviewIn } from '../api/endpoints';
import { inWords } from '../api/problem';
import type { Preview } from '../api/types';

/** The last move of the pointer is followed by this pause before the server is asked, in ms. */
const pause = 90;

/**
 * Who is in the area being drawn. Old numbers stay until new ones come; an
 * answer to a question that has been asked anew is thrown away.
 */
export function usePreview(question: () => PreviewIn | null) {
  const result = shallowRef<Preview | null>(null);
  const problem = ref('');
  const waiting = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let abort: AbortController | undefined;

  async function ask(body: PreviewIn): Promise<void> {
    const mine = new AbortController();
    abort = mine;
    try {
      result.value = await preview(body, mine.signal);
      problem.value = '';
    } catch (error) {
      if (mine.signal.aborted) return;
      problem.value = inWords(error);
    } finally {
      if (abort === mine) waiting.value = false;
    }
  }

  watch(() => JSON.stringify(question()), (text) => {
    clearTimeout(timer);
    abort?.abort();
    const body = JSON.parse(text) as PreviewIn | null;
    waiting.value = body !== null;
    if (body) timer = setTimeout(() => void ask(body), pause);
    else {
      result.value = null;
      problem.value = '';
    }
  }, { immediate: true });

  onScopeDispose(() => {
    clearTimeout(timer);
    abort?.abort();
  });

  return { result, problem, waiting };
}
