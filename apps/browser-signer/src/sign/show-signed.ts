import { createElement } from '../page/create-element.ts'
import { findElement } from '../page/find-element.ts'
import { showInView } from '../page/show-in-view.ts'
import { startCountdown } from './countdown.ts'
import type { SignedForm } from './sign-form.ts'

let stopCountdown: () => void = () => {}

/** Shows a signed request in place of the one before. */
export function showSigned({ headers, body, curl }: SignedForm): void {
  stopCountdown()
  const pairs = Object.entries(headers).map(([name, value]) => {
    const pair = document.createElement('div')
    pair.append(createElement('dt', name), createElement('dd', value))
    return pair
  })
  findElement('headers', HTMLElement).replaceChildren(...pairs)
  findElement('signed-body', HTMLElement).textContent = body
  findElement('body-size', HTMLElement).textContent = `${new TextEncoder().encode(body).length} bytes`
  findElement('curl', HTMLElement).textContent = curl
  findElement('signed', HTMLElement).hidden = false
  findElement('sign-status', HTMLElement).textContent = `Signed at ${new Date().toLocaleTimeString()}.`
  showInView(findElement('signed-section', HTMLElement))
  stopCountdown = startCountdown(findElement('countdown', HTMLElement))
}

/** Takes the signed request away, if there is one, so that nobody sends one that does not fit the form. */
export function hideStale(): void {
  if (!findElement('signed', HTMLElement).hidden) hideSigned('Changed since it was signed: sign again.')
}

/** Says why nothing is signed. */
export function hideSigned(reason: string): void {
  stopCountdown()
  findElement('signed', HTMLElement).hidden = true
  findElement('sign-status', HTMLElement).textContent = reason
}
