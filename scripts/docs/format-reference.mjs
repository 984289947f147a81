/** Writes the API page of a package.
 * @param {import('./read-reference.mjs').Reference} reference
 * @returns {string} Markdown. */
export function formatReference({ name, entries }) {
  const slug = name.slice(name.indexOf('/') + 1)
  const intro = `What [${name}](/packages/${slug}/) exports, from its doc comments.`
  return [`# ${name}`, intro, ...entries.flatMap((entry) => formatEntry(entry, entries.length > 1))].join('\n\n')
}

function formatEntry({ specifier, items }, isOneOfMany) {
  const heading = isOneOfMany ? [`## ${specifier}`] : []
  const level = isOneOfMany ? '###' : '##'
  return [...heading, ...items.flatMap((item) => formatItem(item, level))]
}

function formatItem({ name, kind, code, doc, home, members }, level) {
  const title = `${level} ${name}${kind === 'function' ? '()' : ''}`
  if (home) return [title, `As in [${home}](/api/${home}#${name.toLowerCase()}). ${firstSentence(doc.text)}`]
  return [title, toProse(doc.text), fence(code), ...formatTags(doc.tags), ...formatMembers(members)]
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
  return [...sections, ...ofName(tags, 'example').map((text) => `**Example**\n\n${fence(stripFence(text))}`)]
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

function fence(text) {
  return `\`\`\`\`ts\n${text}\n\`\`\`\``
}

function stripFence(text) {
  return text.replace(/^```\w*\n|\n```$/g, '')
}
