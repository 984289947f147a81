import { showFieldError } from '../page/field-errors.ts'
import { findElement } from '../page/find-element.ts'

/** A broker as typed. */
export interface TypedBroker {
  readonly url: string
  readonly apiKey: string
  readonly weight: number
}

/** The rows of the form in which brokers are typed. */
export interface BrokerRows {
  /** Adds an empty row. */
  add(): void
  /** Moves the keyboard to a row. */
  focus(which: 'first' | 'last'): void
  /** What is typed, without rows that are empty. */
  read(): readonly TypedBroker[]
  /** Shows an error at the field that it names, as `brokers[0].url` does.
   * @returns Whether there is such a field. */
  showError(field: string | undefined, message: string): boolean
  clearErrors(): void
  /** Empties the keys, once somebody holds them. */
  clearKeys(): void
}

/** Makes the rows of the form. */
export function createBrokerRows(): BrokerRows {
  const place = findElement('rows', HTMLElement)
  const inputs = (): HTMLInputElement[] => [...place.querySelectorAll('input')]
  const add = (): void => {
    const row = findElement('row', HTMLTemplateElement).content.cloneNode(true) as DocumentFragment
    const fieldset = row.querySelector('fieldset')
    row.querySelector('[data-action="remove"]')?.addEventListener('click', () => {
      fieldset?.remove()
      numberRows(place)
      // The button that had the focus is gone.
      findElement('add', HTMLButtonElement).focus()
    })
    place.append(row)
    numberRows(place)
  }
  return {
    add,
    focus: (which) =>
      [...place.querySelectorAll('fieldset')]
        .at(which === 'first' ? 0 : -1)
        ?.querySelector('input')
        ?.focus(),
    read: () => filledRows(place).map(readRow),
    showError: (field, message) => {
      const [, index = '', name = ''] = /^brokers\[(\d+)\]\.(\w+)$/.exec(field ?? '') ?? []
      const row = index === '' ? undefined : filledRows(place)[Number(index)]
      const input = row && inputOf(row, name === 'name' ? 'url' : name)
      if (input) showFieldError(input, message)
      return Boolean(input)
    },
    clearErrors: () => {
      for (const input of inputs()) showFieldError(input, '')
    },
    clearKeys: () => {
      for (const input of inputs()) if (input.type === 'password') input.value = ''
    },
  }
}

function readRow(row: HTMLElement): TypedBroker {
  const typedIn = (name: string): string => inputOf(row, name)?.value.trim() ?? ''
  // Number('') is 0; what is no number is refused by the library, with the field.
  return { url: typedIn('url'), apiKey: typedIn('apiKey'), weight: Number(typedIn('weight') || Number.NaN) }
}

function filledRows(place: HTMLElement): HTMLElement[] {
  const isFilled = (row: HTMLElement): boolean =>
    ['url', 'apiKey'].some((name) => inputOf(row, name)?.value.trim() !== '')
  return [...place.querySelectorAll('fieldset')].filter(isFilled)
}

function inputOf(row: HTMLElement, name: string): HTMLInputElement | null {
  return row.querySelector(`input[data-field="${name}"]`)
}

/** Labels are unique for those who hear them; errors are tied to their fields. */
function numberRows(place: HTMLElement): void {
  for (const [index, row] of [...place.querySelectorAll('fieldset')].entries()) {
    const title = row.querySelector('legend span')
    if (title) {
      title.textContent = `Broker ${index + 1}`
      title.id = `broker-${index}`
    }
    row.setAttribute('aria-labelledby', `broker-${index}`)
    for (const input of row.querySelectorAll('input')) tieError(input, `broker-${index}-${input.dataset.field}-error`)
  }
}

function tieError(input: HTMLInputElement, id: string): void {
  const error = input.closest('.field')?.querySelector('.error')
  if (error) error.id = id
  input.setAttribute('aria-describedby', id)
}
