// Finds every check in a source file: what could be taken out of it one at a time.
import { parseAst } from 'vitest/node'

/** Calls whose only use is that they may throw. */
const CHECK_CALL = /^#?(?:ask|check|compare|forEach|prove|refuse|throwIf|verify)/
/** A comparison, and the one that differs from it in the edge case only. */
const NEIGHBOURS = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' }
const COMPARISONS = new Set([...Object.keys(NEIGHBOURS), '===', '!==', 'instanceof', 'in'])

/** One thing that can be taken out: the text from `start` to `end` becomes something else.
 * @typedef {{ file: string, line: number, start: number, end: number, check: string, becomes: string }} Mutant */

/** Lists the mutants of one file: every operand of every condition and of every yes-or-no result turned to true and to
 * false, every ordering moved by its edge, and every call of a check left out.
 * @param {string} file - Name for the report.
 * @param {string} source - TypeScript.
 * @returns {Mutant[]} In the order of the file; those of the same place follow each other. */
export function findMutants(file, source) {
  const nodes = [...walk(parseAst(source, { lang: 'ts' }))]
  const operands = new Map(
    nodes
      .flatMap(decisionsOf)
      .flatMap(operandsOf)
      .map((node) => [node.start, node]),
  )
  const found = [
    ...[...operands.values()].flatMap((node) => flipsOf(node, source)),
    ...nodes.filter(isCheckCall).map((node) => ({ node, becomes: 'nothing' })),
  ]
  return found
    .sort((a, b) => a.node.start - b.node.start)
    .map(({ node: { start, end }, becomes }) => {
      const line = source.slice(0, start).split('\n').length
      return { file, line, start, end, check: oneLine(source.slice(start, end)), becomes: oneLine(becomes) }
    })
}

function* walk(node) {
  yield node
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type === 'string') yield* walk(child)
    }
  }
}

/** The expressions of a node that decide something. */
function decisionsOf(node) {
  if (node.type === 'IfStatement' || node.type === 'ConditionalExpression') return [node.test]
  if (node.type === 'ReturnStatement' && node.argument) return [node.argument].filter(isYesOrNo)
  if (node.type === 'ArrowFunctionExpression') return [node.body].filter(isYesOrNo)
  return []
}

function isYesOrNo(node) {
  const { type, operator } = unwrap(node)
  if (type === 'LogicalExpression') return operator !== '??'
  return (type === 'UnaryExpression' && operator === '!') || (type === 'BinaryExpression' && COMPARISONS.has(operator))
}

/** The innermost operands of `&&`, `||` and `?:`; an expression without them is one operand. */
function operandsOf(expression) {
  const node = unwrap(expression)
  if (node.type === 'LogicalExpression' && node.operator !== '??') {
    return [...operandsOf(node.left), ...operandsOf(node.right)]
  }
  if (node.type === 'ConditionalExpression') return [node.consequent, node.alternate].flatMap(operandsOf)
  const inside = node.type === 'UnaryExpression' && node.operator === '!' ? operandsOf(node.argument) : []
  return inside.length > 1 ? inside : [node]
}

function unwrap(node) {
  return node.type === 'ParenthesizedExpression' ? unwrap(node.expression) : node
}

function flipsOf(node, source) {
  const flips = ['true', 'false']
  const neighbour = node.type === 'BinaryExpression' ? NEIGHBOURS[node.operator] : undefined
  const textOf = ({ start, end }) => source.slice(start, end)
  if (neighbour) flips.push(`${textOf(node.left)} ${neighbour} ${textOf(node.right)}`)
  return flips.map((becomes) => ({ node, becomes }))
}

function isCheckCall({ type, expression }) {
  if (type !== 'ExpressionStatement') return false
  const call = unwrap(expression.type === 'AwaitExpression' ? expression.argument : expression)
  const { type: kind, callee } = call.type === 'ChainExpression' ? call.expression : call
  if (kind !== 'CallExpression') return false
  return CHECK_CALL.test((callee.property ?? callee).name ?? '')
}

function oneLine(text) {
  return text.replace(/\s+/g, ' ')
}
