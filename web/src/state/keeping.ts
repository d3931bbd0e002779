import { onScopeDispose, ref, watch } from 'vue';
import type { Polygon } from 'geojson';
import type { useEditor } from './editor';
import { drawnOf, keeper, type Kept } from './kept';
import { useSession } from './session';

interface Tools { add(kind: 'polygon' | 'circle', polygons: Polygon[]): void }

/** After the last change, how long until it is kept, in ms. */
const settle = 400;

/** Keeps what is drawn and written on this computer until the server has it, and puts it back. */
export function useKept(editor: ReturnType<typeof useEditor>, id: () => string | undefined, tools: () => Tools | null, version: () => number | undefined) {
  const at = ref(0);
  const { me } = useSession();
  const shelf = () => keeper(window.localStorage, me.value?.login ?? login, id());
  // Nobody is signed in any more at the very moment that matters.
  const login = me.value?.login ?? '';
  let timer = 0;
  let done = false;

  function put(): void {
    if (done || (editor.areas.value.length === 0 && !editor.relay.value)) return;
    shelf().put({
      at: Date.now(), form: { ...editor.form }, ...drawnOf(editor.shapes.value), regions: [...editor.regions.value], fixed: editor.fixed.value, choices: editor.choices.value,
      relay: editor.relay.value, version: version(),
    });
  }

  watch([editor.areas, editor.choices, editor.relay, () => ({ ...editor.form })], () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(put, settle);
  });
  onScopeDispose(() => {
    window.clearTimeout(timer);
    put();
  });

  /** Puts back what was kept and returns it; null when there is nothing. */
  function restore(): Kept | null {
    const kept = shelf().take(Date.now());
    if (!kept) return null;
    Object.assign(editor.form, kept.form);
    editor.regions.value = kept.regions;
    editor.fixed.value = kept.fixed;
    editor.choices.value = kept.choices;
    editor.relay.value = kept.relay ?? null;
    queueMicrotask(() => {
      if (kept.polygons.length) tools()?.add('polygon', kept.polygons);
      if (kept.circles.length) tools()?.add('circle', kept.circles);
    });
    at.value = kept.at;
    return kept;
  }

  function forget(): void {
    done = true;
    at.value = 0;
    shelf().forget();
  }

  return { at, restore, forget };
}
