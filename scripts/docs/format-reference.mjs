import { toSlug } from '../read-markdown.mjs'
import { folderOf, linkNames, toTitle } from './link-names.mjs'

/** Writes the API page of a package: a chapter per entry, each export once, and names of exports as links.
 * @param {import('./read-reference.mjs').Reference} reference
 * @param {Map<string, string>} [elsewhere] - Addresses of what other packages export, by title.
 * @returns {string} Markdown. */
export function formatReference({ name, entries }, elsewhere = new Map()) {
  const intro = `What [${name}](/packages/${folderOf(name)}/) exports, from its doc comments.`
  const here = entries.flatMap(({ items }) => items.map((item) => [toTitle(item), `#${toSlug(toTitle(item))}`]))
  const addresses = new Map([...elsewhere, ...here])
  const chapters = splitRepeats(entries).flatMap((entry) => formatEntry(entry, entries.length > 1, addresses))
  return [`# API of ${name}`, intro, ...chapters].join('\n\n')
}

/** Later entries may export what an earlier one does. */
function splitRepeats(entries) {
  const seen = new Set()
  return entries.map(({ specifier, items }) => {
    const isRepeat = ({ name, code }) => seen.has(`${name} ${code}`)
    const chapter = { specifier, items: items.filter((item) => !isRepeat(item)), repeats: items.filter(isRepeat) }
    for (const { name, code } of items) seen.add(`${name} ${code}`)
    return chapter
  })
}

function formatEntry({ specifier, items, repeats }, isOneOfMany, addresses) {
  const heading = isOneOfMany ? [`## ${specifier}`] : []
  const level = isOneOfMany ? '###' : '##'
  const links = repeats.map((item) => `[${code(toTitle(item))}](#${toSlug(toTitle(item))})`)
  const again = links.length > 0 ? [`As above: ${links.join(', ')}.`] : []
  return [...heading, ...again, ...items.flatMap((item) => formatItem(item, level, addresses))]
}

function formatItem(item, level, addresses) {
  const others = new Map([...addresses].filter(([title]) => title !== toTitle(item)))
  const [title, ...blocks] = listBlocks(item, others)
  return [`${level} ${title}`, ...blocks.map((block) => (block.startsWith(FENCE) ? block : linkNames(block, others)))]
}

function listBlocks(item, others) {
  const { code: declaration, doc, home, members } = item
  const title = toTitle(item)
  if (home) return [title, `As in [${home}](/api/${home}#${toSlug(title)}). ${firstSentence(doc.text)}`]
  const details = [...formatTypes(declaration, others), ...formatTags(doc.tags), ...formatMembers(members)]
  return [title, toProse(doc.text), fence(declaration), ...details]
}

/** Code holds no links, so the types that a declaration names follow it. */
function formatTypes(declaration, others) {
  const names = new Set(declaration.replace(/'[^']*'/g, '').match(/\b[A-Z]\w*/g))
  const known = [...names].filter((name) => others.has(name))
  return known.length > 0 ? [`**Types** ${known.map(code).join(', ')}`] : []
}

function formatTags(tags) {
  const lists = [
    ['Parameters', tags.filter(({ name }) => name === 'param').map(formatParameter)],
    ['Returns', ofName(tags, 'returns')],
    ['Throws', ofName(tags, 'throws').map(formatThrows)],
    ['Default', ofName(tags, 'default').map((text) => code(text))],
    ['See', ofName(tags, 'see')],
  ]
  const sections = lists.filter(([, lines]) => lines.length > 0).map(([title, lines]) => formatList(title, lines))
  return [...sections, ...ofName(tags, 'example').flatMap((text) => ['**Example**', fence(stripFence(text))])]
}

function formatList(title, lines) {
  const [only] = lines
  if (lines.length === 1) return `**${title}** ${toProse(only)}`
  return `**${title}**\n\n${lines.map((line) => `- ${toProse(line).replace(/\n/g, '\n  ')}`).join('\n')}`
}

function ofName(tags, wanted) {
  return tags.filter(({ name }) => name === wanted).map(({ text }) => text)
}

function formatParameter({ text }) {
  const [, name, rest] = /^(\S+)\s*(?:-\s*)?([\s\S]*)$/.exec(text) ?? ['', text, '']
  return `${code(name)} ${rest}`.trim()
}

function formatThrows(text) {
  return text.replace(/^\{([^}]+)\}/, (_, type) => code(type))
}

function formatMembers(members) {
  if (members.length === 0) return []
  const rows = members.map(({ name, doc }) => `| ${code(name)} | ${toCell(describeMember(doc))} |`)
  return [`| member | |\n| --- | --- |\n${rows.join('\n')}`]
}

function describeMember({ text, tags }) {
  const parts = [text, ...ofName(tags, 'default').map((value) => `Default: ${code(value)}.`)]
  parts.push(...tags.filter(({ name }) => name === 'param').map((tag) => `${formatParameter(tag)}`))
  parts.push(...ofName(tags, 'returns').map((value) => `Returns: ${value}`))
  parts.push(...ofName(tags, 'throws').map((value) => `Throws ${formatThrows(value)}`))
  return parts.filter((part) => part !== '').join(' ')
}

/** Comments are Markdown whose angle brackets and braces are text, not HTML. */
function toProse(text) {
  const escaped = text.replace(/(`+)[^`]*?\1|[<>]|\{\{|\}\}/g, (found) => ESCAPED[found] ?? found)
  return escaped.replace(/\{@link (\w+)\}/g, (_, name) => `[${code(name)}](#${name.toLowerCase()})`)
}

const ESCAPED = { '<': '&lt;', '>': '&gt;', '{{': '&#123;&#123;', '}}': '&#125;&#125;' }

function toCell(text) {
  return toProse(text)
    .replace(/\|/g, '\\|')
    .replace(/\s*\n\s*/g, ' ')
}

function firstSentence(text) {
  return toProse(/^[\s\S]*?[.:](?=\s|$)/.exec(text)?.[0] ?? text)
}

function code(text) {
  return text.startsWith('`') ? text : `\`${text}\``
}

const FENCE = '````'

function fence(text) {
  return `${FENCE}ts\n${text}\n${FENCE}`
}

function stripFence(text) {
  return text.replace(/^```\w*\n|\n```$/g, '')
}
