import { onBeforeUnmount, onMounted } from 'vue';

/** Enter goes forward when no control has the keyboard, or only the row of what is open already. */
export function onEnter(forward: () => void): void {
  const listen = (event: KeyboardEvent) => {
    const open = event.target instanceof HTMLElement && event.target.matches('[aria-current="true"]');
    if (event.key !== 'Enter' || !(open || event.target === document.body)) return;
    event.preventDefault();
    forward();
  };
  onMounted(() => window.addEventListener('keydown', listen));
  onBeforeUnmount(() => window.removeEventListener('keydown', listen));
}
