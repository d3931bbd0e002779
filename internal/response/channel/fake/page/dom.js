// What the parts of the page share: elements, questions, times.
export const $ = (id) => document.getElementById(id)

/** Makes an element; text is never read as HTML. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value)
    else if (value === true) node.setAttribute(name, '')
    else if (value !== false && value !== undefined) node.setAttribute(name, value)
  }
  node.append(...children)
  return node
}

/** Asks the control interface; a refusal is an Error in words for people. */
export async function ask(path, body = {}) {
  const response = await fetch('/control/' + path, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.text || '操作没有成功')
  return answer
}

export const clock = (at) => new Date(at).toLocaleTimeString('zh-CN', { hour12: false, timeZone: 'Asia/Shanghai' })
