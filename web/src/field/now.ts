import { onUnmounted, ref, type Ref } from 'vue';
import { serverNow } from './store';

/** Now by the server's clock, each second, as long as somebody looks. */
export function useNow(): Ref<number> {
  const now = ref(serverNow());
  const tick = setInterval(() => { now.value = serverNow(); }, 1000);
  onUnmounted(() => clearInterval(tick));
  return now;
}
