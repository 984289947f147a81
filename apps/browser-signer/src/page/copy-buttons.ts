/** How long a button says what it did. */
const SAID_MS = 2_000

/** Makes every `<button data-copies="id">` copy what the element with that id shows. */
export function startCopyButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copies]')) {
    const label = button.textContent
    button.addEventListener('click', async () => {
      const text = textOf(document.getElementById(button.dataset.copies ?? ''))
      button.textContent = (await copy(text)) ? 'Copied' : 'Select and copy by hand'
      setTimeout(() => {
        button.textContent = label
      }, SAID_MS)
    })
  }
}

/** A list of pairs is copied as headers are written, a line each. */
function textOf(element: HTMLElement | null): string {
  if (!(element instanceof HTMLDListElement)) return element?.textContent ?? ''
  const pairs = [...element.children].map((pair) => [...pair.children].map(({ textContent }) => textContent))
  return pairs.map((pair) => pair.join(': ')).join('\n')
}

/** The clipboard is missing on plain http, and may be refused. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
