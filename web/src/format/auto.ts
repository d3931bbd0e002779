import type { Auto } from '../api/types';
import { timer, until } from './countdown';
import { clock } from './time';

/** The draft goes out by itself unless somebody stops it. */
export const counting = (auto: Auto | null | undefined): boolean => auto?.state === 'waiting' && auto.at !== null;

/** What the big figure of the countdown says: the time left, or that it is due. */
export function leftWords(auto: Auto, now: number): string {
  return auto.at && until(auto.at, now) > 0 ? timer(until(auto.at, now)) : '00:00';
}

/** "02:19:22 发出": when by the clock; once due, that it is on its way. */
export function whenWords(auto: Auto, now: number): string {
  if (!auto.at) return '';
  return until(auto.at, now) > 0 ? `${clock(auto.at)} 发出` : '到点，正在发出';
}

/** Under which standing authorisation (常设授权), signed by whom. */
export function basisWords(auto: Auto): string {
  const { authorisation, signer } = auto;
  return authorisation ? `依据常设授权“${authorisation.title}”第 ${authorisation.version} 版，${signer ? `${signer.title}签发` : '签发人不详'}` : '没有常设授权';
}

/** Why it does not go out by itself, as one line. */
export function whyWords(auto: Auto): string {
  return auto.why.map((w) => w.text.replace(/。$/, '')).join('；');
}

/** How much of the way to going out is left, 1 to 0; the way began when the draft was made. */
export function share(auto: Auto, created: string, now: number): number {
  if (!auto.at) return 0;
  const whole = Date.parse(auto.at) - Date.parse(created);
  return whole > 0 ? Math.max(0, Math.min(1, until(auto.at, now) / whole)) : 0;
}

/** Drafts on a clock stand first, the next to go out on top. */
export function byClock(a: { auto?: Auto | null }, b: { auto?: Auto | null }): number {
  return Date.parse(a.auto?.at ?? '') - Date.parse(b.auto?.at ?? '');
}
