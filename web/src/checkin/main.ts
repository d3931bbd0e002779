// Who scans a code on the wall comes here. Two questions: did it count, and is
// there danger today? A known phone is asked nothing but which way, and that only
// where the code does not say it.
import './checkin.css';
import { Refused, askCode, confirmName, forget, prove, send, state as askState, team } from './api.ts';
import { button, el, show } from './dom.ts';
import { newId } from './newId.ts';
import { here } from './place.ts';
import { Queue } from './queue.ts';
import { codeForm, confirmForm, resultView, teamView, warningsView, waitingView } from './views.ts';
import type { Direction, Scan, Scanned, State } from './types.ts';
import { asksForCode, ways } from './words.ts';

const point = location.pathname.split('/')[2] ?? '';
const code = new URLSearchParams(location.search).get('t') ?? '';
const said = new Date().toISOString();
const queue = new Queue(localStorage);
const stateKey = `muster-point-${point}`;
let place = here();
let known: State | null = remembered();
let mine = ''; // the scan of this page
let fresh = false; // what is known was heard just now
let goesWithout = false; // the code was not waited for

function remembered(): State | null {
  try {
    return JSON.parse(localStorage.getItem(stateKey) ?? 'null') as State | null;
  } catch {
    return null;
  }
}

function learn(s: State): void {
  known = s;
  fresh = true;
  try {
    localStorage.setItem(stateKey, JSON.stringify(s));
  } catch { /* a full storage: the page does without */ }
}

async function begin(): Promise<void> {
  if (code) history.replaceState(null, '', location.pathname);
  try {
    learn(await askState(point));
  } catch (e) {
    if (e instanceof Refused) {
      show(el('main', 'sheet', el('h1', '', '这个码不能用'), el('p', '', e.message)));
      return;
    }
  }
  await go();
}

async function go(): Promise<void> {
  if (known && !known.me) confirm();
  else if (known?.phone_tail && fresh && !goesWithout && asksForCode(known)) proving(known.phone_tail);
  else if (!known || (known.kind === 'screen' && !code && !mine)) stale();
  else {
    const offered = ways(known);
    if (offered.length === 1 && offered[0]) await scan(offered[0]);
    else choose(known, offered);
  }
  await flush();
}

function stale(): void {
  show(head(), el('main', 'sheet', el('h1', '', known ? '请扫屏幕上的码' : '没有网络'),
    el('p', '', known ? '动态码半分钟换一次，请用微信或相机重新扫。' : '第一次打卡需要网络。请走到有信号的地方，或请班组长代打卡。')),
  danger());
}

function head(): HTMLElement {
  const waits = queue.all().length;
  return el('header', 'bar', el('b', '', known ? `${known.site} · ${known.title}` : '扫码打卡'), el('span', 'net', waits ? `${waits} 条等待网络` : navigator.onLine ? '' : '没有网络'));
}

function confirm(): void {
  show(head(), confirmForm(async (name, digits) => {
    learn(await confirmName(point, name, digits));
    await go();
  }), danger());
}

function proving(tail: string): void {
  const form = codeForm(tail, async () => { await askCode(point); }, async (typed) => {
    learn(await prove(point, typed));
    await go();
  }, async () => {
    goesWithout = true;
    await go();
  });
  show(head(), form, danger(), foot());
}

function choose(s: State, offered: Direction[]): void {
  const names = { in: '进场', out: '离场' };
  const ask = el('main', 'sheet', el('h1', '', `${s.me ?? ''}，你要`),
    ...offered.map((way, i) => button(i === 0 ? 'big' : 'big second', names[way], () => scan(way))));
  // While people are being moved, that comes first.
  show(head(), s.evacuating && danger(), ask, !s.evacuating && danger(), foot());
}

async function scan(direction: Direction, people?: string[]): Promise<void> {
  const record: Scan = { id: newId(), point, t: code, direction, said, place: null, people };
  if (!people) mine = record.id;
  show(head(), waitingView('正在打卡…'), danger());
  record.place = await place;
  queue.add(record);
  await flush(record.id);
}

/** Sends what waits; tells of the one that is looked at. */
async function flush(wanted = mine): Promise<void> {
  for (const s of await queue.flush(send)) {
    if (s === 'unconfirmed') {
      if (known) known.me = null;
      confirm();
      return;
    }
    if (s === 'later') {
      if (wanted) offline();
      return;
    }
    if (s.scan.id === wanted) {
      if ('refused' in s) refused(s.refused);
      else result(s.scan, s.answer);
    }
  }
}

function danger(): HTMLElement | null {
  return known && warningsView(known.warnings, fresh);
}

function offline(): void {
  fresh = false;
  show(head(), waitingView('已记在手机上', '没有网络，扫码时间已记下。有网络后打开本页会自动补传，24 小时内有效。'), danger(), foot());
}

function refused(words: string): void {
  show(head(), waitingView('没有计入', words), danger(), foot());
}

function result(s: Scan, r: Scanned): void {
  show(head(), resultView(r, known, Boolean(s.people)), warningsView(r.warnings, true), foot());
}

function foot(): HTMLElement {
  return el('footer', 'foot', known?.proxy && button('link', '为班组代打卡', openTeam),
    button('link', '不是我本人', async () => {
      learn(await forget(point));
      mine = '';
      confirm();
    }));
}

async function openTeam(): Promise<void> {
  const { people } = await team(point);
  if (known) show(head(), teamView(people, ways(known), (way, chosen) => scan(way, chosen)));
}

window.addEventListener('online', () => void flush());
setInterval(() => { if (queue.all().length) void flush(); }, 20_000);
document.addEventListener('visibilitychange', () => { if (!document.hidden) place = here(); });
if ('serviceWorker' in navigator) navigator.serviceWorker.register('/c/sw.js').catch(() => undefined);
void begin();
