// A screen at the gate: the code of this half minute, who is in, and what is in
// force. It has codes for ten minutes, so that a short outage does no harm.
import './screen.css';
import { drawing, el, show } from './dom.ts';
import type { Screen } from './types.ts';
import { levelClass, warningHead } from './words.ts';

const refresh = 30_000;
let last: Screen | null = null;
let ahead = 0; // how far the server's clock is ahead of this one
let heard = 0;

const now = (): number => Date.now() + ahead;

async function fetchCodes(): Promise<void> {
  try {
    const answer = await fetch(`${location.pathname}/codes`, { signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) throw new Error(String(answer.status));
    last = (await answer.json()) as Screen;
    ahead = Date.parse(last.now) - Date.now();
    heard = Date.now();
  } catch {
    // The codes that are there go on; the screen says how old its numbers are.
  }
  draw();
}

const headings = { in: '进场扫码', out: '离场扫码', both: '进出扫码' };

function draw(): void {
  if (!last) {
    show(el('main', 'lost', el('h1', '', '没有连上服务器'), el('p', '', '请看网络，或用张贴的码。')));
    return;
  }
  const s = last;
  const code = s.codes.find((c) => Date.parse(c.from) <= now() && now() < Date.parse(c.until));
  const minutes = Math.floor((Date.now() - heard) / 60_000);
  const left = code ? Math.ceil((Date.parse(code.until) - now()) / 1000) : 0;
  show(
    el('header', '', el('h1', '', s.purpose === 'muster' ? '集合点 · 到达请扫码' : headings[s.direction]), el('p', '', `${s.site} · ${s.title}`)),
    s.warnings.length > 0 && el('section', `band ${s.warnings[0] ? levelClass(s.warnings[0]) : ''}`, ...s.warnings.slice(0, 2).map((w) => el('p', '', el('b', '', warningHead(w)), ` ${w.sentence || w.title}`))),
    el('main', '', code ? drawing('code', code.size, code.path) : el('p', 'lost', '动态码已用完，等待网络；请用张贴的码')),
    el('footer', '', el('span', '', code ? `${left} 秒后换码` : ''), el('span', 'people', '在场 ', el('b', '', String(s.certain)), s.possible ? ` +${s.possible} 可能` : ''),
      el('span', '', minutes >= 2 ? `网络中断 ${minutes} 分钟` : '')),
  );
}

setInterval(() => void fetchCodes(), refresh);
setInterval(draw, 1000);
void fetchCodes();
