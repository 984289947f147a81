import { createSigner, GonkaClientError, type Signer } from '@gonka/signer'
import { showFieldError } from '../page/field-errors.ts'
import { findElement } from '../page/find-element.ts'

const WHOLE_KEY = /^(0x)?[0-9a-f]{64}$/i

/** Where the page keeps its key. */
export interface KeyHolder {
  /** Takes what the key field holds, if anything.
   * @returns The signer of the latest key; undefined, after showing why, when there is none. */
  take(): Signer | undefined
}

/** Connects the key field to a signer. A key is in the field while it is typed, and in the signer's closure after that:
 * never in an attribute, a store, the address bar or a message. */
export function holdKey(): KeyHolder {
  const input = findElement('privateKey', HTMLInputElement)
  const forgetButton = findElement('forget', HTMLButtonElement)
  let signer: Signer | undefined
  const hold = (next: Signer | undefined): void => {
    signer = next
    input.placeholder = next ? 'held in memory' : ''
    forgetButton.hidden = !next
    findElement('held', HTMLElement).hidden = !next
    findElement('held-address', HTMLElement).textContent = next?.address ?? ''
  }
  const empty = (): void => {
    input.value = ''
    showFieldError(input, '')
  }
  const read = (): void => {
    const typed = input.value.trim()
    if (typed === '') return
    try {
      hold(createSigner(typed))
      empty()
    } catch (error) {
      // The key before it must not sign what was meant for another one. What was typed stays, to be mended.
      hold(undefined)
      showFieldError(input, error instanceof GonkaClientError ? error.message : 'privateKey could not be read.')
    }
  }
  const forget = (): void => {
    hold(undefined)
    empty()
  }
  // Not when the field is left: what is shown then would move the button under a pointer that is pressing it.
  input.addEventListener('input', () => {
    if (WHOLE_KEY.test(input.value.trim())) read()
  })
  forgetButton.addEventListener('click', () => {
    forget()
    input.focus()
  })
  // A page that is left may be kept whole, to be shown again when the reader comes back.
  window.addEventListener('pagehide', forget)
  return {
    take: () => {
      read()
      if (!signer && input.value === '') showFieldError(input, 'privateKey is missing: enter 64 hex digits.')
      return signer
    },
  }
}
