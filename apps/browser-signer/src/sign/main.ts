import { createSystemClock } from '@gonka/signer'
import { startCopyButtons } from '../page/copy-buttons.ts'
import { focusFirstError, showFieldError } from '../page/field-errors.ts'
import { findElement } from '../page/find-element.ts'
import { holdKey } from './hold-key.ts'
import { hideSigned, hideStale, showSigned } from './show-signed.ts'
import { findFormErrors, type SignForm, signForm } from './sign-form.ts'

const form = findElement('sign-form', HTMLFormElement)
const fields = {
  transferAddress: findElement('transferAddress', HTMLInputElement),
  nodeUrl: findElement('nodeUrl', HTMLInputElement),
  body: findElement('body', HTMLTextAreaElement),
}
const clock = createSystemClock()
const keyHolder = holdKey()

function readForm(): SignForm {
  const { transferAddress, nodeUrl, body } = fields
  const scheme = new FormData(form).get('scheme') === 'v1' ? 'v1' : 'v2'
  return { transferAddress: transferAddress.value, nodeUrl: nodeUrl.value, scheme, body: body.value }
}

async function sign(): Promise<void> {
  const typed = readForm()
  const signer = keyHolder.take()
  const errors = findFormErrors(typed)
  for (const [name, field] of Object.entries(fields)) showFieldError(field, errors.get(name) ?? '')
  if (!signer || errors.size > 0) {
    hideSigned('Not signed: see the fields that are marked.')
    focusFirstError(form)
    return
  }
  showSigned(await signForm(typed, { signer, clock }))
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  void sign()
})
form.addEventListener('input', hideStale)
startCopyButtons()
