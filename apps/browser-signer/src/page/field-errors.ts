type Field = HTMLInputElement | HTMLTextAreaElement

/** Shows what is wrong with a field, below it, or takes that away.
 * @param message - What was expected, what came and what to do; empty when nothing is wrong. */
export function showFieldError(field: Field, message: string): void {
  field.setAttribute('aria-invalid', String(message !== ''))
  const place = field.closest('.field')?.querySelector('.error')
  if (place) place.textContent = message
}

/** Moves the keyboard to the first field that is wrong. */
export function focusFirstError(form: HTMLFormElement): void {
  form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
}
