import { readAnchors, readCodeBlocks } from '../read-markdown.mjs'

/** Cuts a page into what a search finds: a section for each heading, with its anchor on the site.
 * @param {string} markdown
 * @returns {{ anchor: string, titles: string[], text: string }[]} `titles` ends with the section's own. */
export function splitSections(markdown) {
  const anchors = [...readAnchors(markdown)]
  const sections = []
  const isCode = new Set(
    readCodeBlocks(markdown).flatMap(({ line, code }) => code.split('\n').map((_, at) => line + at)),
  )
  for (const [index, text] of markdown.split('\n').entries()) {
    const [, marks, title] = (!isCode.has(index + 1) && /^(#{1,6}) (.+)$/.exec(text)) || []
    if (title) sections.push({ level: marks.length, title, anchor: anchors[sections.length], text: '' })
    else if (sections.length > 0) sections.at(-1).text += `${text}\n`
  }
  return sections.map(({ anchor, text }, at) => ({ anchor, titles: titlesTo(sections.slice(0, at + 1)), text }))
}

/** Titles of the last section and of those that it stands in. */
function titlesTo(sections) {
  const titles = []
  let level = Number.POSITIVE_INFINITY
  for (const section of sections.toReversed()) {
    if (section.level >= level) continue
    titles.unshift(section.title)
    level = section.level
  }
  return titles
}
