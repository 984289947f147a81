import { GonkaConfigError, GonkaError } from '@multiplexer/gonka'
import { createElement } from '../page/create-element.ts'
import { focusFirstError, showFieldError } from '../page/field-errors.ts'
import { findElement } from '../page/find-element.ts'
import { showInView } from '../page/show-in-view.ts'
import { ask } from './ask.ts'
import { createBrokerRows } from './broker-rows.ts'
import { type Connection, connect } from './connect.ts'
import { shortName, showAttempts, showStats } from './show-outcome.ts'

const brokersForm = findElement('brokers-form', HTMLFormElement)
const brokersError = findElement('brokers-error', HTMLElement)
const connectButton = findElement('connect', HTMLButtonElement)
const connected = findElement('connected', HTMLElement)
const model = findElement('model', HTMLInputElement)
const message = findElement('message', HTMLTextAreaElement)
const send = findElement('send', HTMLButtonElement)
const stop = findElement('stop', HTMLButtonElement)
const status = findElement('chat-status', HTMLElement)
const rows = createBrokerRows()
let connection: Connection | undefined
let controller = new AbortController()

async function connectBrokers(): Promise<void> {
  rows.clearErrors()
  brokersError.textContent = ''
  const typed = rows.read()
  if (typed.length === 0) {
    brokersError.textContent = 'brokers is empty: enter a base URL and an API key.'
    return
  }
  status.textContent = 'Asking the brokers for their models…'
  connectButton.disabled = true
  try {
    showConnection(await connect(typed))
  } catch (error) {
    status.textContent = 'Not connected.'
    const known = error instanceof GonkaError ? error.message : 'The brokers could not be used.'
    const field = error instanceof GonkaConfigError ? error.field : undefined
    if (!rows.showError(field, known)) brokersError.textContent = known
    focusFirstError(brokersForm)
  } finally {
    connectButton.disabled = false
    if (connection === undefined) keepFocus(connectButton)
  }
}

function showConnection(next: Connection): void {
  connection = next
  rows.clearKeys()
  brokersForm.hidden = true
  connected.hidden = false
  send.disabled = false
  const members = next.brokers.map(({ name, models }) => {
    const item = createElement('li', shortName(name))
    item.append(createElement('small', models ? models.join(', ') : 'did not list its models; name one below'))
    return item
  })
  findElement('members', HTMLElement).replaceChildren(...members)
  const models = new Set(next.brokers.flatMap((broker) => broker.models ?? []))
  findElement('models', HTMLDataListElement).replaceChildren(...[...models].map((id) => new Option(id, id)))
  status.textContent =
    next.brokers.length === 1 ? '1 broker is in the pool.' : `${next.brokers.length} brokers are in the pool.`
  showStats(next.mux)
  message.focus()
}

/** A button that is switched off while it has the focus loses it. */
function keepFocus(button: HTMLButtonElement): void {
  if (document.activeElement === document.body || document.activeElement === null) button.focus({ preventScroll: true })
}

async function disconnect(): Promise<void> {
  controller.abort()
  await connection?.mux.reset()
  connection = undefined
  brokersForm.hidden = false
  connected.hidden = true
  send.disabled = true
  status.textContent = 'The brokers and their keys are forgotten.'
}

async function sendMessage(): Promise<void> {
  const isEmpty = message.value.trim() === ''
  showFieldError(message, isEmpty ? 'message is empty: write what the model is to answer.' : '')
  if (!connection || isEmpty) return
  const { mux } = connection
  controller = new AbortController()
  const answer = findElement('answer', HTMLElement)
  answer.textContent = ''
  findElement('chat-error', HTMLElement).textContent = ''
  setBusy(true)
  showInView(findElement('answer-section', HTMLElement))
  status.textContent = 'Waiting for an answer…'
  const onText = (text: string): void => answer.append(text)
  const question = { model: model.value.trim() || 'auto', message: message.value, signal: controller.signal, onText }
  const { attempts, problem } = await ask(mux, question)
  const last = attempts.at(-1)
  status.textContent =
    problem === undefined && last
      ? `Answered by ${shortName(last.member)}, attempt ${attempts.length}.`
      : 'Not answered.'
  findElement('chat-error', HTMLElement).textContent = problem ?? ''
  showAttempts(attempts)
  showStats(mux)
  setBusy(false)
  keepFocus(send)
}

function setBusy(isBusy: boolean): void {
  send.disabled = isBusy || connection === undefined
  stop.disabled = !isBusy
}

function onSubmit(form: HTMLFormElement, run: () => Promise<void>): void {
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void run()
  })
}

onSubmit(brokersForm, connectBrokers)
onSubmit(findElement('chat-form', HTMLFormElement), sendMessage)
findElement('add', HTMLButtonElement).addEventListener('click', () => {
  rows.add()
  rows.focus('last')
})
findElement('disconnect', HTMLButtonElement).addEventListener('click', () => {
  void disconnect().then(() => rows.focus('first'))
})
stop.addEventListener('click', () => controller.abort())
// A page that is left may be kept whole, keys in its memory, to be shown again when the reader comes back.
window.addEventListener('pagehide', () => void disconnect())
rows.add()
rows.add()
