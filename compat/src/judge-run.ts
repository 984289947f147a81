import type { CommandResult } from './run-command.ts'

const LONGEST_REASON = 1_200
const LONGEST_LINE = 200

/** Says what is wrong with the run of a program that should print one answer and nothing else.
 * @returns Empty when nothing is wrong. */
export function judgeRun({ status, stdout, stderr }: CommandResult, answer: string): string {
  if (status !== 0) return shorten(`exit code ${status}: ${stderr || stdout || 'no output'}`)
  if (stdout.trim() !== answer) return shorten(`expected "${answer}", got "${stdout.trim()}"`)
  if (stderr.trim() !== '') return shorten(`right, but with a warning: ${stderr}`)
  return ''
}

/** Cuts a message to what is worth reading: bundles have lines of many kilobytes. */
export function shorten(message: string): string {
  const lines = message.trim().split('\n')
  return cut(lines.map((line) => cut(line, LONGEST_LINE)).join('\n'), LONGEST_REASON)
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`
}
