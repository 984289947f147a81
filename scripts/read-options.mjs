import { parseArgs } from 'node:util'

/** Reads the options of a command, `--help` included. What is not understood ends the command with code 2: a typing error
 * must not skip a check.
 * @param {string} help - Printed for `--help`, and below what is wrong.
 * @param {import('node:util').ParseArgsConfig['options']} [options]
 * @returns {Record<string, any> | undefined} Undefined when there is nothing more to do. */
export function readOptions(help, options = {}) {
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: 'boolean' } } })
    if (!values.help) return values
    console.log(help)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${help}`)
    process.exitCode = 2
  }
  return undefined
}
