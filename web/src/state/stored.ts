import { computed, shallowRef } from 'vue';
import { newKey } from '../api/act';
import { drafts } from '../api/desk';
import { warnings } from '../api/endpoints';
import { ApiProblem } from '../api/problem';
import type { Warning } from '../api/types';
import { onChange } from './live';
import { useSession } from './session';

/**
 * What the server has of the warning being changed. `base` is the version that
 * the officer's changes rest on; `newer` is what somebody else stored since, and
 * until the officer has chosen between the two nothing of his can be stored.
 */
export function useStored(id: () => string | undefined) {
  const base = shallowRef<Warning | null>(null);
  const latest = shallowRef<Warning | null>(null);
  const newer = computed(() => (base.value && latest.value && latest.value.version > base.value.version ? latest.value : null));
  /** Who else has it now. */
  const other = computed(() => {
    const editor = (latest.value ?? base.value)?.editor;
    return editor && !editor.me ? editor : null;
  });
  const { can } = useSession();

  function take(w: Warning): Warning {
    base.value = w;
    latest.value = w;
    return w;
  }

  /** Reads it, and says at the other desks that somebody works on it. */
  async function open(): Promise<Warning> {
    const w = take(await warnings.one(id()!));
    if (w.state !== 'draft' || !can('warning.draft') || w.editor) return w;
    try {
      latest.value = await drafts.take(newKey(), w.id, false);
    } catch (error) {
      if (!(error instanceof ApiProblem && (error.conflict || error.unknown))) throw error;
    }
    return w;
  }

  onChange(['warning'], async (changed) => {
    if (!base.value || (changed !== null && changed !== base.value.id)) return;
    latest.value = await warnings.one(base.value.id).catch(() => latest.value);
  });

  /** The changes rest on an older version than the server's: what was kept on this computer. */
  const restOn = (version: number): void => {
    if (base.value && version < base.value.version) base.value = { ...base.value, version };
  };
  /** What the other stored is to be overwritten by what is here. */
  const overwrite = (): void => {
    base.value = latest.value;
  };
  const takeOver = async (key: string): Promise<Warning> => (latest.value = await drafts.take(key, base.value!.id, true));

  return { base, newer, other, take, open, restOn, overwrite, takeOver };
}
