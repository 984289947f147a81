/** Makes an element with text in it. Text never becomes markup, whoever wrote it. */
export function createElement<K extends keyof HTMLElementTagNameMap>(
  name: K,
  text = '',
  className = '',
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name)
  element.textContent = text
  element.className = className
  return element
}

/** Makes a row of a table; cells are texts, or a text and its class. */
export function createRow(cells: readonly (string | readonly [text: string, className: string])[]): HTMLElement {
  const row = document.createElement('tr')
  for (const cell of cells) {
    const [text, className] = typeof cell === 'string' ? [cell, ''] : cell
    row.append(createElement('td', text, className))
  }
  return row
}
