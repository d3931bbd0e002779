import { onMounted, type ShallowRef } from 'vue';

/** Puts the keyboard into the first field of a form that has just been opened. */
export function focusFirst(form: Readonly<ShallowRef<HTMLElement | null>>): void {
  onMounted(() => form.value?.querySelector<HTMLElement>('input, textarea, select')?.focus({ preventScroll: true }));
}
