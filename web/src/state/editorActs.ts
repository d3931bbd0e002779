import { computed, shallowRef, watch } from 'vue';
import { newKey, useAct } from '../api/act';
import { attachments } from '../api/desk';
import { warnings } from '../api/endpoints';
import type { Difference, Warning } from '../api/types';
import type { useEditor } from './editor';
import { handDraft } from './handDraft';
import type { useStored } from './stored';

/** What can be done with what is drawn and written: stored, compared with what is in force, or made its next revision. */
export function useEditorActs(editor: ReturnType<typeof useEditor>, stored: ReturnType<typeof useStored>, authorisation: () => string) {
  const difference = shallowRef<Difference | null>(null);
  const of = () => stored.base.value!;

  const save = useAct(async (key) => {
    const before = stored.base.value;
    return stored.take(before ? await warnings.change(key, before.id, before.version, editor.body()) : await warnings.create(key, editor.firstBody()));
  });
  const attach = useAct(() => attachments.add(newKey(), of().id, handDraft.value!.scan!));
  const compare = useAct(() => warnings.difference(of().id, editor.body()));
  const revise = useAct((key) => warnings.revise(key, of().id, of().version, editor.body(), authorisation() || undefined));
  const later = useAct((key) => warnings.reviseLater(key, of().id, of().version, editor.body()));
  const takeOver = useAct(stored.takeOver);
  const all = [save, attach, compare, revise, later, takeOver];

  /** Stores the draft, and the scan it was written from. Undefined when either did not arrive. */
  async function store(): Promise<Warning | undefined> {
    const w = await save.run();
    const carried = handDraft.value;
    if (!w || !carried || carried.raw_id !== editor.relay.value?.raw_id) return w;
    if (carried.scan && !(await attach.run())) return undefined;
    handDraft.value = null;
    return w;
  }

  async function showDifference(): Promise<void> {
    difference.value = (await compare.run()) ?? null;
  }

  // Anything changed after the difference was shown makes it yesterday's.
  watch(editor.question, () => {
    difference.value = null;
    editor.acceptRepair.value = false;
  });

  return {
    difference, showDifference, store, revise: revise.run, later: later.run, takeOver: takeOver.run,
    busy: computed(() => all.some((a) => a.busy.value)),
    problem: computed(() => (attach.problem.value ? `草稿已存，扫描件没有传上：${attach.problem.value}` : all.map((a) => a.problem.value).find(Boolean) ?? '')),
  };
}
