// The little of Markdown that the README check needs: fenced blocks, links, and the anchors that headings make.

/** A fenced code block.
 * @typedef {{ language: string, info: string[], line: number, code: string }} CodeBlock */

/** Cuts the fenced blocks out of a Markdown text. A block that is never closed runs to the end, as renderers show it.
 * @param {string} markdown
 * @returns {CodeBlock[]} `line` is the 1-based line of the first line of code; `language` is the first word after the
 * fence, in lower case, `info` the words after it. */
export function readCodeBlocks(markdown) {
  const blocks = []
  let open
  for (const [index, text] of markdown.split(/\r?\n/).entries()) {
    const fence = /^( {0,3})(`{3,}|~{3,})\s*([^`]*)$/.exec(text)
    if (open && closes(open, text)) open = undefined
    else if (open) open.lines.push(text.slice(Math.min(open.indent, text.search(/\S|$/))))
    else if (fence) {
      const [language, ...info] = fence[3].trim().split(/\s+/)
      open = {
        language: language.toLowerCase(),
        info,
        line: index + 2,
        lines: [],
        mark: fence[2],
        indent: fence[1].length,
      }
      blocks.push(open)
    }
  }
  return blocks.map(({ language, info, line, lines }) => ({ language, info, line, code: lines.join('\n') }))
}

function closes({ mark }, text) {
  const trimmed = text.trim()
  return trimmed.length >= mark.length && trimmed === mark[0].repeat(trimmed.length) && /^ {0,3}\S/.test(text)
}

/** Lists where links, images and reference definitions point to, leaving out those inside code.
 * @param {string} markdown
 * @returns {{ target: string, line: number }[]} In order; targets as written. */
export function readLinks(markdown) {
  const links = []
  for (const [index, text] of withoutCode(markdown).split('\n').entries()) {
    const inline = text.matchAll(/\]\(\s*<?([^\s)>]+)>?(?:\s+["'(][^)]*)?\)/g)
    const reference = text.matchAll(/^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)>?/g)
    for (const [, target] of [...inline, ...reference]) links.push({ target, line: index + 1 })
  }
  return links
}

/** Lists the anchors of a Markdown text: GitHub's slug of each heading, numbered when repeated.
 * @param {string} markdown
 * @returns {Set<string>} Without `#`. */
export function readAnchors(markdown) {
  const anchors = new Set()
  for (const [, title] of withoutCode(markdown, { keepInline: true }).matchAll(/^ {0,3}#{1,6}\s+(.+?)\s*#*\s*$/gm)) {
    const slug = toSlug(title)
    let unique = slug
    for (let repeat = 1; anchors.has(unique); repeat++) unique = `${slug}-${repeat}`
    anchors.add(unique)
  }
  return anchors
}

/** Anchor of a heading, as on GitHub, but for the number of a repeated one.
 * @param {string} title - Markdown or text. */
export function toSlug(title) {
  return title
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-')
}

/** Blanks code, keeping the number of lines. */
function withoutCode(markdown, { keepInline = false } = {}) {
  const lines = markdown.split(/\r?\n/)
  for (const { line, code } of readCodeBlocks(markdown)) {
    const count = code.split('\n').length
    for (let index = line - 1; index < line - 1 + count && index < lines.length; index++) lines[index] = ''
  }
  const text = lines.join('\n')
  return keepInline ? text : text.replace(/(`+)[^`\n]*\1/g, '')
}
