import { ref } from 'vue';
import { ApiProblem, inWords } from './problem';

/** A fresh idempotency key. randomUUID needs a secure context, which a plain-HTTP intranet is not. */
export function newKey(): string {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6]! & 0x0f) | 0x40;
  b[8] = (b[8]! & 0x3f) | 0x80;
  const hex = [...b].map((x) => x.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * One act of the user (publish, lift …). The key stays the same while the
 * outcome is unknown, so pressing again cannot do it twice; an answer, good or
 * bad, ends the act and the next press is a new one.
 */
export function useAct<A extends unknown[], T>(perform: (key: string, ...args: A) => Promise<T>) {
  const busy = ref(false);
  const problem = ref('');
  const conflict = ref(false);
  let key = newKey();

  async function run(...args: A): Promise<T | undefined> {
    if (busy.value) return undefined;
    busy.value = true;
    problem.value = '';
    conflict.value = false;
    try {
      const result = await perform(key, ...args);
      key = newKey();
      return result;
    } catch (error) {
      problem.value = inWords(error);
      conflict.value = error instanceof ApiProblem && error.conflict;
      if (!(error instanceof ApiProblem && error.again)) key = newKey();
      return undefined;
    } finally {
      busy.value = false;
    }
  }

  return { busy, problem, conflict, run };
}
