import { computed, reactive, ref, shallowRef } from 'vue';
import type { NewWarning, PreviewIn } from '../api/endpoints';
import type { AreaIn, Choice, Level, Warning, WarningIn } from '../api/types';
import { fromLocalInput, toLocalInput } from '../format/time';
import type { Shape } from '../map/draw';

const hour = 3_600_000;

/** More vertices than this are kept as they came and not offered for dragging. */
export const editableVertices = 400;

/** An area of the warning that is kept as it is: too fine to drag, or of a kind the tools do not make. */
export interface FixedArea { label: string; area: AreaIn }

/** Whose warning is passed on, when a draft is written by hand from a forwarded text. */
export interface Relay { raw_id: string; issuer: string; issued_at: string }

/** What an officer fills in: the words, and the area as drawn shapes, chosen regions and areas kept. */
export function useEditor() {
  const form = reactive({
    mode: 'actual' as 'actual' | 'exercise', hazard: 'rain', level: 'orange' as Level,
    title: '', basis: '', note: '', expires: toLocalInput(Date.now() + 6 * hour),
  });
  const shapes = shallowRef<Shape[]>([]);
  const regions = ref<string[]>([]);
  const fixed = shallowRef<FixedArea[]>([]);
  const acceptRepair = ref(false);
  const choices = shallowRef<Choice[]>([]);
  const onset = ref<string>();
  const relay = shallowRef<Relay | null>(null);

  const areas = computed<AreaIn[]>(() => [
    // What crosses itself is refused until it is mended.
    ...shapes.value.filter((s) => s.crossings.length === 0).map((s) => s.area),
    ...(regions.value.length ? [{ regions: [...regions.value] }] : []),
    ...fixed.value.map((f) => f.area),
  ]);

  const question = computed<PreviewIn | null>(() => (areas.value.length === 0 ? null : {
    areas: areas.value, level: form.level, hazard: form.hazard, expires: fromLocalInput(form.expires) || undefined, choices: choices.value,
  }));

  /** What is still missing, in words; empty when it can be saved. */
  const missing = computed(() => {
    if (shapes.value.some((s) => s.crossings.length)) return '先修好交叉的边';
    if (areas.value.length === 0) return '先画区域';
    if (!form.title.trim()) return '先写标题';
    if (relay.value && !relay.value.issuer.trim()) return '先写原发布单位';
    if (relay.value && !relay.value.issued_at) return '先写原发布时间';
    if (!form.basis.trim()) return '先写依据';
    return form.expires ? '' : '先写失效时间';
  });

  function body(): WarningIn {
    return {
      onset: onset.value, choices: choices.value, mode: form.mode, hazard: form.hazard, level: form.level, title: form.title.trim(),
      basis: form.basis.trim(), note: form.note.trim(), expires: fromLocalInput(form.expires),
      areas: acceptRepair.value ? areas.value.map((a) => (a.geometry ? { ...a, accept_repair: true } : a)) : areas.value,
    };
  }

  /** A new draft says whose warning it is; a change of it no longer does. */
  function firstBody(): NewWarning {
    const r = relay.value;
    return { ...body(), ...(r ? { kind: 'relay' as const, raw_id: r.raw_id, issuer: r.issuer.trim(), issued_at: fromLocalInput(r.issued_at) } : {}) };
  }

  function toggleRegion(code: string): void {
    regions.value = regions.value.includes(code) ? regions.value.filter((c) => c !== code) : [...regions.value, code];
  }

  function choose(choice: Choice): void {
    choices.value = [...choices.value.filter((c) => c.site_id !== choice.site_id), choice];
  }

  function unchoose(site: string): void {
    choices.value = choices.value.filter((c) => c.site_id !== site);
  }

  /** Takes over the words of a warning that is to be changed. The geometry is the caller's. */
  function fill(w: Warning): void {
    Object.assign(form, {
      mode: w.mode, hazard: w.hazard, level: w.level, title: w.title, basis: w.basis || (w.issuer && `转发${w.issuer}发布的预警`), note: w.note,
      expires: w.expires ? toLocalInput(w.expires) : '',
    });
    onset.value = w.onset ?? undefined;
    choices.value = w.choices;
  }

  return { acceptRepair, relay, firstBody, form, shapes, regions, fixed, choices, areas, question, missing, body, toggleRegion, choose, unchoose, fill };
}
