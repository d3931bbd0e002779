import { button, drawing, el } from './dom.ts';
import type { Direction, Scanned, Shown, State } from './types.ts';
import { clock, fenceWords, headline, levelClass, unprovenWords, warningHead } from './words.ts';

const tick = 'M3 8.5l3.3 3.3L13 4.8';
const cross = 'M4 4l8 8M12 4l-8 8';

/** Is there danger today? What was heard before the network went is not today's truth. */
export function warningsView(list: Shown[], fresh: boolean): HTMLElement {
  if (list.length === 0) return el('p', 'calm', fresh ? '今天这里没有生效的预警' : '没有网络，不知道现在有没有预警；请问现场负责人');
  return el('section', 'alarms', !fresh && el('p', 'small', '上次联网时的预警，现在可能已变：'), ...list.map((w) => el('article', `alarm ${levelClass(w)}`, el('h2', '', warningHead(w)), el('p', '', w.sentence || w.title))));
}

/** Did it count? */
export function resultView(r: Scanned, s: State | null, proxy: boolean): HTMLElement {
  const rows: [string, string][] = [['打卡点', s?.title ?? r.site], ['时间', clock(r.at)], ['位置', fenceWords(r)]];
  if (r.flags.length) rows.push(['备注', r.flags.map((f) => f.label).join('、')]);
  return el('main', r.counted ? 'done' : 'done not', el('div', 'mark', drawing('ic', 16, r.counted ? tick : cross)), el('h1', '', headline(r, proxy)),
    el('p', 'who', r.counted ? s?.me ?? '' : r.words),
    unprovenWords(r) && el('p', 'unsure', unprovenWords(r)),
    el('dl', 'facts', ...rows.map(([k, v]) => el('div', '', el('dt', '', k), el('dd', '', v)))));
}

export function waitingView(words: string, more = ''): HTMLElement {
  return el('main', 'done wait', el('h1', '', words), more && el('p', '', more));
}

/** Who are you? Asked once for a phone. */
export function confirmForm(done: (name: string, digits: string) => Promise<void>): HTMLElement {
  const name = el('input', '');
  const digits = el('input', '');
  Object.assign(name, { name: 'name', autocomplete: 'name', maxLength: 50, required: true });
  Object.assign(digits, { name: 'digits', autocomplete: 'off', maxLength: 4, required: true, inputMode: 'text' });
  const trouble = troubleLine();
  const go = el('button', 'big', '就是我');
  const form = el('form', 'sheet', el('h1', '', '第一次用这部手机'), el('label', '', '姓名', name), el('label', '', '身份证（或登记手机号）末四位', digits), trouble, go,
    el('p', 'small', '只用来认出你是谁。以后扫码不再问。'));
  form.addEventListener('submit', (e) => {
    e.preventDefault();
    trying(go, trouble, done(name.value, digits.value));
  });
  return form;
}

function troubleLine(): HTMLElement {
  const line = el('p', 'trouble');
  line.setAttribute('role', 'alert');
  return line;
}

/** Keeps a button still while something is tried, and says why it did not work. */
function trying(b: HTMLButtonElement, trouble: HTMLElement, work: Promise<void>): void {
  b.disabled = true;
  trouble.textContent = '';
  work
    .catch((err: unknown) => { trouble.textContent = err instanceof Error && err.name !== 'TypeError' && err.name !== 'TimeoutError' ? err.message : '没有网络，请走到有信号的地方再试'; })
    .finally(() => { b.disabled = false; });
}

/** Is it your phone? Asked once, by a code to the number that is registered. Who gets none goes on without. */
export function codeForm(tail: string, sendCode: () => Promise<void>, done: (typed: string) => Promise<void>, skip: () => Promise<void>): HTMLElement {
  const typed = el('input', 'digits');
  Object.assign(typed, { name: 'code', autocomplete: 'one-time-code', maxLength: 7, required: true, inputMode: 'numeric' });
  const trouble = troubleLine();
  const ask = el('button', 'big', '发送验证码');
  ask.type = 'button';
  const go = el('button', 'big', '验证');
  const entry = el('div', '', el('label', '', '短信里的 6 位数字', typed), go);
  entry.hidden = true;
  ask.addEventListener('click', () => trying(ask, trouble, sendCode().then(() => {
    entry.hidden = false;
    ask.className = 'link';
    ask.textContent = '没收到，重新发送';
    typed.focus();
  })));
  const form = el('form', 'sheet', el('h1', '', '验证这部手机'), el('p', 'small', `向尾号 ${tail} 的登记手机发一个验证码，只需一次。不验证也能打卡，但只按“可能在场”计。`), entry, trouble, ask,
    button('link', '收不到短信，先打卡', skip));
  form.addEventListener('submit', (e) => {
    e.preventDefault();
    trying(go, trouble, done(typed.value));
  });
  return form;
}

/** 代打卡: the foreman ticks who came without a phone. */
export function teamView(people: { id: string; name: string }[], offered: Direction[], act: (way: Direction, chosen: string[]) => Promise<void>): HTMLElement {
  const boxes = people.map((p) => {
    const box = el('input', '');
    box.type = 'checkbox';
    box.value = p.id;
    return { box, row: el('label', 'tickrow', box, p.name) };
  });
  const names = { in: '进场', out: '离场' };
  return el('main', 'sheet', el('h1', '', '为班组代打卡'), el('p', 'small', '只勾选现在和你在一起的人。代打卡会注明是你打的。'), ...boxes.map((b) => b.row),
    ...offered.map((way, i) => button(i === 0 ? 'big' : 'big second', names[way], async () => {
      const chosen = boxes.filter((b) => b.box.checked).map((b) => b.box.value);
      if (chosen.length) await act(way, chosen);
    })));
}
