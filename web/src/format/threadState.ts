import type { State, Thread } from '../api/response';
import { t } from '../words/t';
import { measureLook } from './measure';

/** How a state looks: the weight says how much it needs somebody (ui/README «State chip»). */
export type Weight = 'solid' | 'outline' | 'dashed' | 'grey-line' | 'grey' | 'wash' | 'accent-line' | 'bare';
export type Mark = 'silent' | 'trouble' | 'half' | 'told' | 'tick';

export type StateIcon = 'bell' | 'undo' | 'clock' | 'dot' | 'eye' | 'check' | 'checks' | 'forward' | 'person' | 'pin' | 'search';

interface Look { label: string; weight: Weight; icon: StateIcon; mark: Mark }

const looks: Record<State, Omit<Look, 'label'>> = {
  unanswered: { weight: 'solid', icon: 'bell', mark: 'silent' },
  refused: { weight: 'outline', icon: 'undo', mark: 'trouble' },
  reopened: { weight: 'outline', icon: 'undo', mark: 'trouble' },
  expired_open: { weight: 'dashed', icon: 'clock', mark: 'trouble' },
  pending: { weight: 'grey-line', icon: 'dot', mark: 'told' },
  delivered: { weight: 'grey-line', icon: 'dot', mark: 'told' },
  read: { weight: 'grey', icon: 'eye', mark: 'told' },
  acknowledged: { weight: 'wash', icon: 'check', mark: 'half' },
  moving: { weight: 'wash', icon: 'forward', mark: 'half' },
  carried_out: { weight: 'wash', icon: 'check', mark: 'half' },
  reported: { weight: 'wash', icon: 'person', mark: 'half' },
  confirmed: { weight: 'accent-line', icon: 'pin', mark: 'half' },
  inspecting: { weight: 'grey', icon: 'search', mark: 'half' },
  verified: { weight: 'bare', icon: 'checks', mark: 'tick' },
  lifted: { weight: 'bare', icon: 'check', mark: 'tick' },
  return_allowed: { weight: 'bare', icon: 'check', mark: 'tick' },
  released: { weight: 'bare', icon: 'check', mark: 'tick' },
};

/** All states in the order in which a board is read: trouble, on the way, done. */
export const states = Object.keys(looks) as State[];

/** The look of a state; one the page does not know keeps its own word and stands with what is on the way. */
export function stateLook(state: string, label = state): Look {
  const look = looks[state as State];
  return look ? { ...look, label: t(`state.${state as State}`) } : { label, weight: 'grey-line', icon: 'dot', mark: 'told' };
}

/** The groups of a board, worst first. */
export type Group = 'needs' | 'going' | 'done';
export const groupLabel = (group: Group): string => t(`group.${group}`);

const over = new Set<State>(['lifted', 'return_allowed', 'released']);
const claimed = new Set<State>(['carried_out', 'reported', 'confirmed']);

/** The places on a board, worst first. */
const place = { silent: 0, reopened: 1, refused: 2, late: 3, going: 4, claimed: 5, done: 6 };

/**
 * The place of a thread on the board: nobody answers or somebody is missing,
 * somebody went back in, a report was sent back, a clock ran out, on the way,
 * reported and not yet checked, done. 阅知 is done when it is acknowledged.
 */
export function rank(t: Thread, now: number): number {
  if (over.has(t.state)) return place.done;
  if (t.state === 'unanswered' || (t.live && (t.people_missing ?? 0) > 0)) return place.silent;
  if (t.state === 'reopened' || t.state === 'refused') return place[t.state];
  if (t.state === 'expired_open' || overdue(t, now)) return place.late;
  if (t.state === 'verified' || (t.measure === 'read' && t.state === 'acknowledged')) return place.done;
  return claimed.has(t.state) ? place.claimed : place.going;
}

/** Whether the clock of the open duty has run out. */
export function overdue(t: Pick<Thread, 'duty'>, now: number): boolean {
  return t.duty !== null && Date.parse(t.duty.due_at) <= now;
}

/** What a row is sorted by, now. */
export const urgency = (t: Thread, now: number): Urgency => ({ id: t.id, since: Date.parse(t.since), measure: measureLook(t.measure).rank, rank: rank(t, now) });

export function groupOf(rank: number): Group {
  return rank < place.going ? 'needs' : rank < place.done ? 'going' : 'done';
}

/** What a row is sorted by. */
export interface Urgency { rank: number; measure: number; since: number; id: string }

/** Worst first: what needs somebody by how much is asked of it, the rest by who has been in the state longest, 阅知 last. */
export function worstFirst(a: Urgency, b: Urgency): number {
  const strict = a.rank < place.going ? a.measure - b.measure : 0;
  // Who is only to know waits behind who is to do something.
  const reading = (u: Urgency) => Number(u.measure === measureLook('read').rank);
  return a.rank - b.rank || strict || reading(a) - reading(b) || a.since - b.since || a.measure - b.measure || (a.id < b.id ? -1 : 1);
}

export interface Stage { label: string; at: string | null; standing: 'done' | 'now' | 'open' }

/** The five bars 送达 签收 转移/落实 清点 核实; the one that is waited for is «now». Only what was recorded is done. */
export function stages(t: Thread): Stage[] {
  const evacuates = t.measure === 'evacuate';
  const done = [
    { label: '送达', at: null, yes: t.state === 'delivered' || t.state === 'read' || t.acknowledged_at !== null },
    { label: '签收', at: t.acknowledged_at, yes: t.acknowledged_at !== null },
    { label: evacuates ? '转移' : '落实', at: t.acted_at, yes: t.acted_at !== null },
    { label: evacuates ? '清点' : '确认', at: evacuates ? t.reported_at : t.confirmed_at, yes: (evacuates ? t.reported_at : t.confirmed_at) !== null },
    { label: '核实', at: t.verified_at, yes: t.verified_at !== null },
  ];
  const last = done.findLastIndex((s) => s.yes);
  const behind = ['refused', 'reopened'].includes(t.state) ? 2 : last;
  return done.map((s, i) => ({ label: s.label, at: s.at, standing: i <= behind ? 'done' : i === behind + 1 ? 'now' : 'open' }));
}
