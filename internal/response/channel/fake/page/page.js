// The page of the fake carrier: the list of boxes, one screen, the figures. It asks
// once a second and writes only text into the document.
import { $, ask, clock, el } from './dom.js'
import { drawScreen } from './phone.js'
import { drawPanel } from './panel.js'

const kinds = { phone: '手机', group: '群', wechat: '微信', mailbox: '邮箱', horn: '喇叭', system: '外部系统' }
const pageSize = 50
const view = { kind: 'phone', find: '', offset: 0, open: null }

const group = (n) => n.toLocaleString('en-US')

function drawFigures(state) {
  const words = { delivered: '已接收', repeated: '重复提交', limited: '超限', refused: '拒绝', lost: '未正常答复', pushed: '回推' }
  $('figures').replaceChildren(...Object.entries(words).map(([name, word]) =>
    el('div', {}, el('dt', {}, word), el('dd', {}, group(state.figures[name])))))
  $('clock').textContent = clock(state.now)
}

function drawKinds(counts) {
  if ($('kinds').contains(document.activeElement)) return
  $('kinds').replaceChildren(...Object.entries(kinds).map(([kind, word]) =>
    el('button', { type: 'button', 'aria-pressed': String(kind === view.kind), onclick: () => choose(kind) },
      `${word} ${group(counts[kind] || 0)}`)))
}

function choose(kind) {
  Object.assign(view, { kind, offset: 0, open: null })
  document.activeElement.blur()
  drawScreen(null)
  tick()
}

function drawBoxes({ boxes, total }) {
  view.total = total
  const rows = boxes.map((box) => {
    const newest = box.items[0]
    const current = view.open?.address === box.address
    return el('li', {}, el('button', { type: 'button', 'aria-current': String(current), 'data-address': box.address, onclick: () => open(box) },
      el('span', { class: 'name' }, box.address), el('span', { class: 'when' }, clock(box.latest)),
      el('span', { class: 'text' }, newest.title || newest.text), el('span', { class: 'state' }, newest.state)))
  })
  const held = document.activeElement?.dataset?.address
  $('boxes').replaceChildren(...(rows.length ? rows : [el('li', { class: 'empty' }, '还没有收到消息')]))
  if (held) $('boxes').querySelector(`[data-address="${CSS.escape(held)}"]`)?.focus()
  const last = Math.min(view.offset + pageSize, total)
  $('where').textContent = total ? `${group(view.offset + 1)}–${group(last)} / ${group(total)}` : '0'
  $('newer').disabled = view.offset === 0
  $('older').disabled = last >= total
}

function open(box) {
  view.open = { kind: box.kind, address: box.address }
  tick()
}

async function refresh() {
  const state = await ask('state')
  const boxes = await ask('boxes', { kind: view.kind, find: view.find, offset: view.offset, limit: pageSize })
  const screen = view.open && await ask('box', view.open)
  drawFigures(state)
  drawKinds(state.boxes)
  drawBoxes(boxes)
  drawPanel(state)
  if (screen) drawScreen(screen, tick)
}

let running = false
/** Shows the present state; at most one refresh runs at a time. */
export async function tick() {
  if (running) return
  running = true
  try {
    await refresh()
    $('stale').hidden = true
  } catch {
    $('stale').hidden = false
  } finally {
    running = false
  }
}

function turn(by) {
  view.offset = Math.max(0, view.offset + by * pageSize)
  tick()
}

$('newer').addEventListener('click', () => turn(-1))
$('older').addEventListener('click', () => turn(1))
$('find').addEventListener('input', () => {
  view.find = $('find').value.trim()
  view.offset = 0
  tick()
})
setInterval(() => { if (!document.hidden) tick() }, 1000)
tick()
