import type { SecondLookState } from '../api/types';

/**
 * Where the second look stands for the one who looks at the page: nothing asked,
 * asked and waiting, waiting too long (先发后审 is open), mine to answer,
 * answered, or made void by a change of the draft.
 */
export type LookStands = 'none' | 'asked' | 'overdue' | 'mine' | 'approved' | 'refused' | 'stale';

export function lookState(look: SecondLookState | null, me: string, now: number): LookStands {
  if (!look) return 'none';
  if (!look.valid) return 'stale';
  if (look.state !== 'asked') return look.state;
  if (look.asked_by.user_id !== me) return 'mine';
  return look.may_publish_unreviewed_at && Date.parse(look.may_publish_unreviewed_at) <= now ? 'overdue' : 'asked';
}
