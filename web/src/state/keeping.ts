import { onScopeDispose, ref, watch } from 'vue';
import type { Polygon } from 'geojson';
import type { useEditor } from './editor';
import { drawnOf, keeper } from './kept';
import { useSession } from './session';

interface Tools { add(kind: 'polygon' | 'circle', polygons: Polygon[]): void }

/** After the last change, how long until it is kept, in ms. */
const settle = 400;

/** Keeps what is drawn and written on this computer until the server has it, and puts it back. */
export function useKept(editor: ReturnType<typeof useEditor>, id: () => string | undefined, tools: () => Tools | null) {
  const at = ref(0);
  const { me } = useSession();
  const shelf = () => keeper(window.localStorage, me.value?.login ?? login, id());
  // Nobody is signed in any more at the very moment that matters.
  const login = me.value?.login ?? '';
  let timer = 0;
  let done = false;

  function put(): void {
    if (done || editor.areas.value.length === 0) return;
    shelf().put({
      at: Date.now(), form: { ...editor.form }, ...drawnOf(editor.shapes.value), regions: [...editor.regions.value], fixed: editor.fixed.value, choices: editor.choices.value,
    });
  }

  watch([editor.areas, editor.choices, () => ({ ...editor.form })], () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(put, settle);
  });
  onScopeDispose(() => {
    window.clearTimeout(timer);
    put();
  });

  /** Puts back what was kept; false when there is nothing. */
  function restore(): boolean {
    const kept = shelf().take(Date.now());
    if (!kept) return false;
    Object.assign(editor.form, kept.form);
    editor.regions.value = kept.regions;
    editor.fixed.value = kept.fixed;
    editor.choices.value = kept.choices;
    queueMicrotask(() => {
      if (kept.polygons.length) tools()?.add('polygon', kept.polygons);
      if (kept.circles.length) tools()?.add('circle', kept.circles);
    });
    at.value = kept.at;
    return true;
  }

  function forget(): void {
    done = true;
    at.value = 0;
    shelf().forget();
  }

  return { at, restore, forget };
}
