import { onScopeDispose, readonly, ref } from 'vue';
import { useSession } from './session';

const now = ref(Date.now());
let watchers = 0;
let timer = 0;

function tick(): void {
  now.value = Date.now() + useSession().clockOffset.value;
}

/** The present moment by the server's clock, in ms, ticking once a second while somebody looks. */
export function useNow() {
  if (watchers++ === 0) timer = window.setInterval(tick, 1000);
  tick();
  onScopeDispose(() => {
    if (--watchers === 0) window.clearInterval(timer);
  });
  return readonly(now);
}
