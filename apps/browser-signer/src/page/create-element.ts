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

/** A cell's text, or a text and its class. */
export type Cell = string | readonly [text: string, className: string]

/** Shows rows in place of those before. Where a table is too wide, its cells stand below each other, each with its heading. */
export function showRows(body: HTMLElement, rows: readonly (readonly Cell[])[]): void {
  const headings = [...(body.closest('table')?.querySelectorAll('th') ?? [])].map((heading) => heading.textContent)
  const made = rows.map((cells) => {
    const row = document.createElement('tr')
    for (const [index, cell] of cells.entries()) {
      const [text, className] = typeof cell === 'string' ? [cell, ''] : cell
      const made = createElement('td', text, className)
      made.dataset.label = headings[index] ?? ''
      row.append(made)
    }
    return row
  })
  body.replaceChildren(...made)
}
