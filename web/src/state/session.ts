import { computed, readonly, ref, shallowRef } from 'vue';
import { session } from '../api/endpoints';
import { ApiProblem } from '../api/problem';
import type { Me } from '../api/types';

const me = shallowRef<Me | null>(null);
const clockOffset = ref(0);

function take(answer: Me): Me {
  me.value = answer;
  clockOffset.value = Date.parse(answer.server_time) - Date.now();
  return answer;
}

/** Who is signed in, and what they may do. The clock shown is the server's. */
export function useSession() {
  return {
    me: readonly(me),
    clockOffset: readonly(clockOffset),
    can: (permission: string) => me.value?.permissions.includes(permission) ?? false,
    /** Whether one of my roles is in this office: only it may update its warnings. */
    mine: (office: { id: string } | null) => me.value?.roles.some((r) => r.authority_id !== null && r.authority_id === office?.id) ?? false,
    roleText: computed(() => me.value?.roles.map((r) => [r.place, r.label].filter(Boolean).join(' ')).join('、') ?? ''),
  };
}

/** Asks the server who is signed in; null when nobody is. */
export async function whoAmI(): Promise<Me | null> {
  if (me.value) return me.value;
  try {
    return take(await session.who());
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return null;
    throw error;
  }
}

export async function signIn(login: string, password: string): Promise<Me> {
  return take(await session.signIn(login, password));
}

export async function signOut(): Promise<void> {
  await session.signOut();
  forget();
}

export function forget(): void {
  me.value = null;
}
