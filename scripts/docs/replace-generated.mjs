/** Puts text between `<!-- generated: name -->` and the `<!-- end of generated text -->` that follows it.
 * @param {string} page - Markdown.
 * @param {string} name
 * @param {string} text - Without blank lines at its ends.
 * @returns {string}
 * @throws {Error} when the page has no such place. */
export function replaceGenerated(page, name, text) {
  const begin = `<!-- generated: ${name} -->\n`
  const from = page.indexOf(begin)
  const to = page.indexOf('<!-- end of generated text -->', from)
  if (from < 0 || to < 0) throw new Error(`The page has no place for the generated text "${name}".`)
  return `${page.slice(0, from + begin.length)}\n${text}\n\n${page.slice(to)}`
}
