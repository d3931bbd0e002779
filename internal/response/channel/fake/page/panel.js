// The panel of latency, loss, outage and limits, for all doors or one.
import { $, ask, el } from './dom.js'

const groups = [
  ['答复', [['latency', '延迟 毫秒（低–高）', 'span'], ['loss', '丢失（不接收）', 'share'], ['lost_answer', '接收但不答复', 'share'],
    ['refuse', '拒绝（系统忙）', 'share'], ['garbage', '接收但答复错乱', 'share'], ['outage', '故障', 'outage'], ['no_limits', '不限额', 'flag']]],
  ['回执', [['receipt', '延迟 毫秒（低–高）', 'span'], ['receipt_loss', '丢失', 'share'], ['receipt_twice', '重复', 'share'],
    ['receipt_unknown', '多出无主回执', 'share'], ['receipt_shuffle', '乱序', 'flag'], ['silent', '不回执、无人应答', 'flag']]],
]
const outages = [['', '正常'], ['503', '答 503'], ['cut', '断开连接'], ['hang', '挂起']]
let drawn = ''

const kinds = {
  span: {
    make: (name, v) => el('input', { id: name, value: `${v.low}–${Math.max(v.low, v.high)}` }),
    read: (node) => {
      const [low, high] = node.value.split(/[–\-~]/).map(Number)
      return { low: low || 0, high: high || 0 }
    },
  },
  share: {
    make: (name, v) => el('input', { id: name, type: 'number', min: '0', max: '100', step: '1', value: String(Math.round(v * 100)), 'aria-label': name + ' 百分比' }),
    read: (node) => Number(node.value) / 100,
  },
  flag: { make: (name, v) => el('input', { id: name, type: 'checkbox', checked: v }), read: (node) => node.checked },
  outage: {
    make: (name, v) => el('select', { id: name }, ...outages.map(([value, word]) => el('option', { value, selected: value === v }, word))),
    read: (node) => node.value,
  },
}

/** Draws the panel when what it shows has changed and nobody is editing it. */
export function drawPanel(state) {
  const doors = [{ name: '', label: '全部接口', conditions: state.all }, ...state.doors]
  const select = $('door')
  if (select.options.length !== doors.length) {
    select.replaceChildren(...doors.map((d) => el('option', { value: d.name }, d.label)))
  }
  const door = doors.find((d) => d.name === select.value) || doors[0]
  const now = JSON.stringify(door)
  if (now === drawn || $('conditions').contains(document.activeElement)) return
  drawn = now
  $('conditions').replaceChildren(...groups.flatMap(([title, fields]) => [
    el('h3', {}, title + '（比例为 %）'),
    ...fields.flatMap(([name, word, kind]) => [el('label', { for: name }, word), kinds[kind].make(name, door.conditions[name])]),
  ]), el('div', { class: 'buttons' }, el('button', { class: 'go', type: 'submit' }, '应用'),
    el('button', { type: 'button', onclick: () => send(door.name, {}) }, '恢复正常')))
}

function read() {
  return Object.fromEntries(groups.flatMap(([, fields]) => fields).map(([name, , kind]) => [name, kinds[kind].read($(name))]))
}

async function send(door, conditions) {
  document.activeElement.blur()
  drawn = ''
  try {
    await ask('conditions', { door, conditions })
    $('told').textContent = '已应用'
  } catch (problem) {
    $('told').textContent = problem.message
  }
}

$('conditions').addEventListener('submit', (event) => {
  event.preventDefault()
  send($('door').value, read())
})
$('door').addEventListener('change', () => { drawn = '' })
