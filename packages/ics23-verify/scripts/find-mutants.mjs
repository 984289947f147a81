// Finds every check in a source file, and makes one mutant of each: the file without that check.
const GUARD = /\bif (?=\()/g
const VERDICT = /\): boolean \{[^}]*?\breturn (?<expression>[\s\S]*?)\n\}/g
const CALL = /^ +(?:for \(.*?\) )?(?:check|prove)\w+\(.*\)$/gm

/** @typedef {{ file: string, line: number, check: string, becomes: string, source: string }} Mutant */

/** Lists the mutants of one file: every operand of every guard and of every verdict turned to true and to false, and
 * every call of a check left out.
 * @param {string} file - Name for the report.
 * @param {string} source - TypeScript.
 * @returns {Mutant[]} In the order of the file. */
export function findMutants(file, source) {
  const operands = [...findGuards(source), ...findVerdicts(source)].flatMap((range) => splitOperands(source, range))
  const flips = operands.flatMap((range) => [
    { range, becomes: 'true' },
    { range, becomes: 'false' },
  ])
  const removals = findCalls(source).map((range) => ({ range, becomes: 'nothing' }))
  return [...flips, ...removals]
    .sort((a, b) => a.range.start - b.range.start)
    .map(({ range, becomes }) => makeMutant({ file, source, range, becomes }))
}

function makeMutant({ file, source, range: { start, end }, becomes }) {
  const replacement = becomes === 'nothing' ? 'void 0' : becomes
  return {
    file,
    line: source.slice(0, start).split('\n').length,
    check: source.slice(start, end).replace(/\s+/g, ' '),
    becomes,
    source: source.slice(0, start) + replacement + source.slice(end),
  }
}

function findGuards(source) {
  return [...source.matchAll(GUARD)].map(({ index }) => {
    const open = index + 'if '.length
    return { start: open + 1, end: closing(source, open) }
  })
}

function findVerdicts(source) {
  return [...source.matchAll(VERDICT)].map((match) => {
    const start = match.index + match[0].lastIndexOf(match.groups.expression)
    return { start, end: start + match.groups.expression.length }
  })
}

function findCalls(source) {
  return [...source.matchAll(CALL)].map(({ index, 0: text }) => {
    return { start: index + text.search(/\S/), end: index + text.length }
  })
}

/** The innermost operands of `&&` and `||`; a condition without them is one operand. */
function splitOperands(source, range) {
  const { start, end } = trim(source, range)
  const wrapped = /^!?\(/.exec(source.slice(start, end))?.[0].length
  if (wrapped !== undefined && closing(source, start + wrapped - 1) === end - 1) {
    const inside = splitOperands(source, { start: start + wrapped, end: end - 1 })
    if (inside.length > 1) return inside
  }
  const parts = []
  let from = start
  for (let i = start; i < end; i++) {
    if ('([{'.includes(source[i])) i = closing(source, i)
    else if (source[i] === "'") i = source.indexOf("'", i + 1)
    else if (source.startsWith('&&', i) || source.startsWith('||', i)) {
      parts.push({ start: from, end: i })
      from = i + 2
    }
  }
  if (parts.length === 0) return [{ start, end }]
  return [...parts, { start: from, end }].flatMap((part) => splitOperands(source, part))
}

function trim(source, { start, end }) {
  const text = source.slice(start, end)
  return { start: start + text.search(/\S/), end: start + text.trimEnd().length }
}

/** Index of the bracket that closes the one at `open`. */
function closing(source, open) {
  let depth = 0
  for (let i = open; i < source.length; i++) {
    if (source[i] === "'") i = source.indexOf("'", i + 1)
    else if ('([{'.includes(source[i])) depth++
    else if (')]}'.includes(source[i]) && --depth === 0) return i
  }
  throw new Error('The source has unbalanced brackets.')
}
