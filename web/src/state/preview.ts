import { onScopeDispose, ref, shallowRef, watch } from 'vue';
import { preview, type PreviewIn } from '../api/endpoints';
import { inWords } from '../api/problem';
import type { Preview } from '../api/types';

/** Moves of the pointer within this time are one question, in ms. */
const pause = 25;

/**
 * Who is in the area being drawn. One question is on its way at a time; what was
 * moved meanwhile is asked as soon as its answer is there. So the numbers follow
 * the hand, old ones stay until new ones come, and the last move is answered last.
 */
export function usePreview(question: () => PreviewIn | null) {
  const result = shallowRef<Preview | null>(null);
  const problem = ref('');
  const waiting = ref(false);
  let wanted: PreviewIn | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let abort: AbortController | undefined;

  async function ask(): Promise<void> {
    timer = undefined;
    const body = wanted;
    if (!body) return;
    const mine = (abort = new AbortController());
    try {
      const answer = await preview(body, mine.signal);
      if (mine.signal.aborted) return;
      result.value = answer;
      problem.value = '';
    } catch (error) {
      if (mine.signal.aborted) return;
      problem.value = inWords(error);
    }
    abort = undefined;
    if (wanted === body) waiting.value = false;
    else soon();
  }

  function soon(): void {
    if (!abort) timer ??= setTimeout(() => void ask(), pause);
  }

  function nothing(): void {
    clearTimeout(timer);
    timer = undefined;
    abort?.abort();
    abort = undefined;
  }

  watch(() => JSON.stringify(question()), (text) => {
    wanted = JSON.parse(text) as PreviewIn | null;
    waiting.value = wanted !== null;
    if (wanted) return soon();
    nothing();
    result.value = null;
    problem.value = '';
  }, { immediate: true });

  onScopeDispose(nothing);

  return { result, problem, waiting };
}
