// One screen: its messages, and the answers that can be given by hand.
import { $, ask, clock, el } from './dom.js'

const texts = { ignore: '不理会', code: '回复签收码', received: '回复“收到”', wrong: '回复错误的码', off: '关机', nobody: '空号' }
const calls = { ignore: '不接', press1: '听完按1', press2: '听完按2', press3: '听完按3', early1: '没听完就按1', hang_up: '接起就挂', busy: '占线', off: '关机', nobody: '空号' }
const channels = { sms: '短信', voice: '电话', robot: '群消息', wechat: '微信', email: '邮件', horn: '广播', webhook: '系统' }

let shown = ''

/** Draws a screen; null empties it. Nothing is redrawn under a hand that is typing. */
export function drawScreen(screen, done) {
  const state = JSON.stringify(screen)
  if (state === shown || screen && $('items').contains(document.activeElement) && document.activeElement.matches('input')) return
  shown = state
  $('who').textContent = screen ? `${screen.address}　共 ${screen.total} 条` : '请从左边选一个'
  drawPerson(screen)
  $('items').replaceChildren(...(screen ? screen.items.map((item) => card(screen, item, done)) : []))
}

function drawPerson(screen) {
  const form = $('person')
  form.hidden = !screen?.person
  if (form.hidden || form.contains(document.activeElement)) return
  const choice = (name, options, now) => el('select', { name, 'aria-label': name, onchange: save },
    ...Object.entries(options).map(([value, word]) => el('option', { value, selected: value === now }, word)))
  const text = choice('短信', texts, screen.person.text)
  const call = choice('电话', calls, screen.person.call)
  async function save() {
    document.activeElement.blur()
    await ask('person', { phone: screen.address, person: { text: text.value, call: call.value, after: screen.person.after } })
  }
  form.replaceChildren('此人收到短信', text, '接到电话', call)
}

function card(screen, item, done) {
  const ringing = item.kind === 'voice' && !item.over
  const said = el('p', { class: 'told', role: 'status' })
  const act = async (more) => {
    try {
      await ask('act', { box: { kind: screen.kind, address: screen.address }, id: item.id, ...more })
      document.activeElement.blur()
      done()
    } catch (problem) {
      said.textContent = problem.message
    }
  }
  return el('li', { class: ringing ? 'item ringing' : 'item' },
    el('div', { class: 'head' }, el('span', {}, channels[item.kind] || item.kind), el('span', {}, item.from || ''),
      el('span', {}, clock(item.at)), el('span', { class: 'state' }, item.state)),
    ...(item.title ? [el('p', { class: 'title' }, item.title)] : []),
    el('p', { class: 'body' }, item.text),
    ...(item.link ? [el('p', {}, el('a', { href: safe(item.link), rel: 'noopener noreferrer', target: '_blank' }, '打开处置页'))] : []),
    ...(item.acts || []).map((a) => el('p', { class: 'acts' }, `${clock(a.at)} ${a.text}`)),
    ...(screen.kind === 'phone' ? [hand(item, act)] : []), said)
}

const safe = (link) => (/^https?:\/\//.test(link) ? link : '#')

function hand(item, act) {
  const button = (word, more, off) => el('button', { type: 'button', disabled: off, onclick: () => act(more) }, word)
  if (item.kind === 'voice') {
    const off = Boolean(item.over)
    const keys = ['1', '2', '3'].map((digit) => button(`听完按${digit}`, { do: 'press', digit, heard: true }, off || !item.keys))
    return el('div', { class: 'hand' }, ...keys, button('没听完按1', { do: 'press', digit: '1' }, off || !item.keys), button('挂断', { do: 'hang_up' }, off))
  }
  const code = item.text.match(/\d{6}/)?.[0] || ''
  const input = el('input', { type: 'text', 'aria-label': '回复内容', maxlength: '100', value: code })
  return el('div', { class: 'hand' }, input,
    el('button', { type: 'button', onclick: () => act({ do: 'reply', text: input.value }) }, '回复'),
    button('回复“收到”', { do: 'reply', text: '收到' }))
}
