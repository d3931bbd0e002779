import type { Act, State, Thread } from '../api/response';

/** What can be done to a site under a warning from the desk. */
export type DeskAct = Act | 'inspection' | 'return' | 'return/stop' | 'stand-down';

export interface ActLook {
  label: string;
  permission: string;
  /** What happens once it is pressed, said before. */
  then: string;
  /** Ink: an act on people. Accent: the way forward. */
  weight: 'p' | 'k' | '';
  /** What the form asks for. */
  evidence?: string[];
  count?: boolean;
  reason?: boolean;
  words: 'must' | 'may';
}

const proof = ['call_back', 'on_spot', 'photo', 'words'];

export const acts: Record<DeskAct, ActLook> = {
  acknowledge: { label: '签收', permission: 'response.acknowledge', weight: 'p', words: 'may', then: '只停止对这个点位的叫应，并开始下一个时限。签收不等于已经做到。' },
  move: { label: '开始转移', permission: 'response.acknowledge', weight: 'p', words: 'may', then: '记为转移中，开始“报告已撤离”的时限。' },
  'carry-out': { label: '报告落实', permission: 'response.report', weight: 'p', words: 'may', evidence: ['stop_record', 'roll_call', 'patrol_record', 'photo', 'horn_log', 'words'],
    then: '这是报告，不是核实：之后由监理确认、主管部门核实。' },
  report: { label: '报告已撤离', permission: 'response.report', weight: 'p', words: 'may', count: true, evidence: ['roll_call', 'muster_scan', 'gate_burst', 'photo', 'call_back', 'horn_log', 'words'],
    then: '这是报告，不是核实：还有人未找到时不能报告；之后有人进入会重新开启。' },
  confirm: { label: '现场确认', permission: 'response.confirm', weight: 'p', words: 'may', evidence: ['on_spot', 'call_back', 'photo', 'words'],
    then: '以监理身份确认，您的姓名和时间会留存；报告人不能确认自己的报告。' },
  verify: { label: '核实', permission: 'response.verify', weight: 'p', words: 'may', evidence: proof, then: '以主管部门身份核实，点位归入“已核实”，停止一切催办；报告人和确认人不能核实。' },
  refuse: { label: '退回', permission: 'response.refuse', weight: '', words: 'may', reason: true, then: '点位回到“退回”，立即通知现场重新报告，时限重新开始。“谎报嫌疑”同时通知监管部门。' },
  reopen: { label: '有人返回', permission: 'response.refuse', weight: 'k', words: 'must', then: '点位重新开启，立即叫应合同段和县级值班。' },
  inspection: { label: '雨后排查', permission: 'inspection.add', weight: 'p', words: 'may', then: '留存排查记录。排查不等于可以返回。' },
  return: { label: '准予返回', permission: 'return.give', weight: 'p', words: 'may', then: '通知所有被叫应过的人可以返回。缺排查清单、监理签认，或天黑时，系统会拒绝。' },
  'return/stop': { label: '收回准予返回', permission: 'return.give', weight: 'k', words: 'must', then: '点位回到“待排查”，通知现场停止返回。' },
  'stand-down': { label: '结束自行撤离', permission: 'return.give', weight: '', words: 'must', then: '自行启动的撤离结束，点位转入“待排查”，通知所有被叫应过的人。' },
};

const silent: State[] = ['pending', 'delivered', 'read', 'unanswered', 'reopened'];
const claims: State[] = ['carried_out', 'reported', 'confirmed'];
const done: State[] = [...claims, 'verified'];

/** The states from which an act is a legal step (docs/states.md); the server's table decides. */
const from: Record<DeskAct, State[]> = {
  acknowledge: [...silent, 'refused'],
  move: [...silent, 'acknowledged', 'refused'],
  'carry-out': [...silent, 'acknowledged', 'refused'],
  report: [...silent, 'acknowledged', 'moving', 'refused'],
  confirm: ['carried_out', 'reported'],
  verify: claims,
  refuse: done,
  reopen: done,
  inspection: ['inspecting'],
  return: ['inspecting'],
  'return/stop': ['return_allowed'],
  'stand-down': [...silent, 'acknowledged', 'moving', 'refused', ...done, 'expired_open'],
};

/** What may be done to a site now: a legal step, of its measure, by somebody with the right to it; the way forward first. */
export function offered(t: Pick<Thread, 'state' | 'measure' | 'warning_id'>, can: (permission: string) => boolean): DeskAct[] {
  return (Object.keys(acts) as DeskAct[]).filter((act) => from[act].includes(t.state) && can(acts[act].permission) && fits(act, t));
}

function fits(act: DeskAct, t: Pick<Thread, 'measure' | 'warning_id'>): boolean {
  if (act === 'move' || act === 'report') return t.measure === 'evacuate';
  if (act === 'carry-out') return t.measure !== 'evacuate' && t.measure !== 'read';
  return act !== 'stand-down' || t.warning_id === null;
}

/** Whether somebody should still be rung about a site. */
export function callable(t: Pick<Thread, 'state' | 'live'>): boolean {
  return t.live && t.state !== 'verified';
}

/** What somebody who checks is asked for now; '' when nobody is waited for. */
export function awaits(t: Pick<Thread, 'state' | 'duty'>): 'confirm' | 'verify' | '' {
  if (!claims.includes(t.state)) return '';
  return t.duty?.kind === 'confirm' || t.duty?.kind === 'verify' ? t.duty.kind : '';
}

/** The states in which a report waits for a check. */
export const claimedStates = claims;

/** Whether there is a report to look at. */
export const claimed = (t: Pick<Thread, 'state'>): boolean => done.includes(t.state) || t.state === 'refused';
