type Child = Node | string | null | undefined | false
type Props = Record<string, string | boolean | ((event: never) => void)>

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') element.addEventListener(name, value as EventListener)
    else if (value === true) element.setAttribute(name, '')
    else if (value !== false) element.setAttribute(name, value)
  }
  fillWith(element, ...children)
  return element
}

export function fillWith(element: Element, ...children: Child[]): void {
  element.replaceChildren(...children.filter((child): child is Node | string => Boolean(child)))
}

export function icon(path: string): SVGElement {
  const space = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(space, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  const shape = document.createElementNS(space, 'path')
  shape.setAttribute('d', path)
  svg.append(shape)
  return svg
}

// Links in plain text become anchors; everything else stays text.
export function linked(text: string): Node[] {
  const parts = text.split(/(https?:\/\/[^\s<>"'，。；！？）]+[^\s<>"'，。；！？）.,;:!?)\]])/)
  return parts.filter(Boolean).map((part, index) =>
    index % 2 === 1 || /^https?:\/\/\S+$/.test(part) ? h('a', { href: part, target: '_blank', rel: 'noopener noreferrer' }, part) : document.createTextNode(part),
  )
}

export const icons = {
  chat: 'M21 11.5a8.4 8.4 0 0 1-9 8.4 9.5 9.5 0 0 1-3.9-.8L3 21l1.9-4.7A8.4 8.4 0 1 1 21 11.5z',
  down: 'M6 9l6 6 6-6',
  clip: 'M21 11.5l-8.8 8.8a5.5 5.5 0 0 1-7.8-7.8l9-9a3.7 3.7 0 0 1 5.2 5.2l-9 9a1.8 1.8 0 0 1-2.6-2.6l8.3-8.3',
  send: 'M4 12l16-8-6 16-3-7z',
}
