/** Finds an element of the page by its id.
 * @param type - Its class, such as `HTMLInputElement`.
 * @throws Error when the page has no such element: HTML and script do not fit together. */
export function findElement<T extends Element>(id: string, type: new () => T): T {
  const found = document.getElementById(id)
  if (found instanceof type) return found
  throw new Error(`The page has no ${type.name} with the id ${id}.`)
}
