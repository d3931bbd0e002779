import { onBeforeUnmount, onMounted } from 'vue';

/** Enter goes forward when no control has the keyboard. */
export function onEnter(forward: () => void): void {
  const listen = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && event.target === document.body) forward();
  };
  onMounted(() => window.addEventListener('keydown', listen));
  onBeforeUnmount(() => window.removeEventListener('keydown', listen));
}
