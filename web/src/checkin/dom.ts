type Child = Node | string | null | undefined | false;

/** An element with its class and children. */
export function el<K extends keyof HTMLElementTagNameMap>(tag: K, cls: string, ...children: Child[]): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  if (cls) node.className = cls;
  node.append(...children.filter((c): c is Node | string => Boolean(c)));
  return node;
}

/** A button that does something, once at a time. */
export function button(cls: string, text: string, act: () => void | Promise<void>): HTMLButtonElement {
  const b = el('button', cls, text);
  b.type = 'button';
  b.addEventListener('click', () => {
    b.disabled = true;
    void Promise.resolve(act()).finally(() => { b.disabled = false; });
  });
  return b;
}

const svgSpace = 'http://www.w3.org/2000/svg';

/** A drawing of one path in a square. */
export function drawing(cls: string, size: number, path: string): SVGSVGElement {
  const svg = document.createElementNS(svgSpace, 'svg');
  svg.setAttribute('viewBox', `0 0 ${size} ${size}`);
  svg.setAttribute('class', cls);
  svg.setAttribute('aria-hidden', 'true');
  const p = document.createElementNS(svgSpace, 'path');
  p.setAttribute('d', path);
  svg.append(p);
  return svg;
}

/** Shows what is given and nothing else. */
export function show(...children: Child[]): void {
  document.getElementById('app')?.replaceChildren(...children.filter((c): c is Node | string => Boolean(c)));
}
