import { ref, shallowRef, watch } from 'vue';
import { warnings } from '../api/endpoints';
import { inWords } from '../api/problem';
import type { LiveTarget, Preview, Target, Warning } from '../api/types';
import { onChange } from './live';

/** One warning with its targets: of a draft as they would be published, of a published one as they are. */
export function useWarning(id: () => string) {
  const warning = shallowRef<Warning | null>(null);
  const draft = shallowRef<Preview | null>(null);
  const targets = shallowRef<(Target | LiveTarget)[]>([]);
  const asOf = ref('');
  const problem = ref('');
  let turn = 0;

  async function reload(): Promise<void> {
    const mine = ++turn;
    const wanted = id();
    try {
      const w = await warnings.one(wanted);
      const preview = w.state === 'draft' ? await warnings.preview(wanted) : null;
      const live = preview ? null : await warnings.targets(wanted);
      if (mine !== turn) return;
      warning.value = w;
      draft.value = preview;
      targets.value = preview?.targets ?? live!.items;
      asOf.value = preview?.as_of ?? live!.as_of;
      problem.value = '';
    } catch (error) {
      if (mine === turn) problem.value = inWords(error);
    }
  }

  watch(id, () => {
    warning.value = null;
    void reload();
  }, { immediate: true });
  onChange(['warning'], (changed) => {
    if (changed === null || changed === id()) void reload();
  });

  return { warning, draft, targets, asOf, problem, reload };
}
