import { parseArgs } from 'node:util'

/** What the command line asks for. */
export interface Options {
  readonly help: boolean
  readonly json: boolean
  readonly write: boolean
  readonly keep: boolean
  /** Consumers to use; all when none is named. */
  readonly consumers: readonly string[]
  /** Entries to use; all when none is named. */
  readonly entries: readonly string[]
}

/** Reads the command line.
 * @param known - Ids of the consumers and names of the entries that `--only` may name.
 * @throws RangeError naming what is wrong. */
export function parseOptions(
  args: readonly string[],
  known: { consumers: readonly string[]; entries: readonly string[] },
): Options {
  const { values } = parse(args)
  const { only = [], help = false, json = false, write = false, keep = false } = values
  const names = only.flatMap((text) => text.split(',')).filter((name) => name !== '')
  const wrong = names.find((name) => !known.consumers.includes(name) && !known.entries.includes(name))
  if (wrong !== undefined) {
    const choices = [...known.consumers, ...known.entries].join(', ')
    throw new RangeError(`--only takes consumers and entries, separated by commas: ${choices}. Got ${wrong}.`)
  }
  if (write && names.length > 0) throw new RangeError('--write needs the whole table; leave out --only.')
  const pick = (list: readonly string[]): string[] => list.filter((name) => names.includes(name))
  return { help, json, write, keep, consumers: pick(known.consumers), entries: pick(known.entries) }
}

function parse(args: readonly string[]) {
  const flag = { type: 'boolean' } as const
  try {
    return parseArgs({
      args: [...args],
      options: { only: { type: 'string', multiple: true }, help: flag, json: flag, write: flag, keep: flag },
    })
  } catch (error) {
    throw new RangeError(error instanceof Error ? error.message : String(error))
  }
}
