import { toSlug } from '../read-markdown.mjs'

/** Folder of a package below packages/, and the name of its API page. */
export function folderOf(name) {
  return name.slice(name.indexOf('/') + 1)
}

/** Heading of an export on its API page.
 * @param {import('./read-reference.mjs').Item} item */
export function toTitle({ name, kind }) {
  return kind === 'function' ? `${name}()` : name
}

/** Where the API pages explain each export. Left out are those that two packages declare: which is meant is not known.
 * @param {import('./read-reference.mjs').Reference[]} references
 * @returns {Map<string, string>} Addresses on the site by title. */
export function listAddresses(references) {
  const homes = references.flatMap((reference) => {
    const own = reference.entries.flatMap(({ items }) => items.filter(({ home }) => home === undefined).map(toTitle))
    return [...new Set(own)].map((title) => [title, `/api/${folderOf(reference.name)}#${toSlug(title)}`])
  })
  const titles = homes.map(([title]) => title)
  return new Map(homes.filter(([title]) => titles.indexOf(title) === titles.lastIndexOf(title)))
}

/** Makes links of the types (`Name`) and functions (`name()`) that stand as code in a text.
 * @param {string} markdown - Without fenced code.
 * @param {Map<string, string>} addresses - By title. */
export function linkNames(markdown, addresses) {
  return markdown.replace(/(?<!\[)`([A-Z]\w*|\w+\(\))`/g, (code, title) => {
    const address = addresses.get(title)
    return address === undefined ? code : `[${code}](${address})`
  })
}
