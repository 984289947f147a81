/** How long a button says what it did. */
const SAID_MS = 2_000

/** Makes every `<button data-copies="id">` copy the text of the element with that id. */
export function startCopyButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copies]')) {
    const label = button.textContent
    button.addEventListener('click', async () => {
      const text = document.getElementById(button.dataset.copies ?? '')?.textContent ?? ''
      button.textContent = (await copy(text)) ? 'Copied' : 'Select and copy by hand'
      setTimeout(() => {
        button.textContent = label
      }, SAID_MS)
    })
  }
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
