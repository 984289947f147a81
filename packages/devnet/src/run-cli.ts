import { toSummary, toText } from './describe-devnet.ts'
import { type CliRequest, parseArguments, USAGE } from './parse-arguments.ts'
import { startDevnet } from './start-devnet.ts'
import type { Devnet } from './types.ts'

/** Runs a devnet until SIGINT, SIGTERM, or until nobody reads what it prints any longer.
 * @returns The exit code: 0 after a clean stop, 2 when a flag does not fit. */
export async function runCli(argv: readonly string[]): Promise<number> {
  const started = await startFromArguments(argv)
  if (typeof started === 'number') return started
  const { devnet, request } = started
  const mode = request.options.mode ?? 'classic-v2'
  print(request.json ? `${JSON.stringify(toSummary(devnet, mode))}\n` : toText(devnet, mode))
  const timer = request.epochMs > 0 ? setInterval(() => turnEpoch(devnet, request), request.epochMs) : undefined
  await untilUnwanted()
  clearInterval(timer)
  await devnet.stop()
  return 0
}

async function startFromArguments(
  argv: readonly string[],
): Promise<number | { readonly devnet: Devnet; readonly request: CliRequest }> {
  try {
    const request = parseArguments(argv)
    if (!request.help) return { devnet: await startDevnet(request.options), request }
    print(USAGE)
    return 0
  } catch (error) {
    process.stderr.write(`gonka-devnet: ${error instanceof Error ? error.message : error}\n\n${USAGE}`)
    return 2
  }
}

/** One joins and the oldest one leaves, so that the set changes and keeps its size. */
function turnEpoch(devnet: Devnet, { json }: CliRequest): void {
  const oldest = devnet.nodes.find(({ inEpoch }) => inEpoch)
  devnet.nextEpoch({ join: 1, leave: oldest ? [oldest.index] : [] }).then(
    ({ epochId, joined, left }) => {
      const change = { epochId, joined: joined.map(({ url }) => url), left: left.map(({ url }) => url) }
      print(json ? `${JSON.stringify(change)}\n` : `epoch ${epochId}: + ${change.joined}  - ${change.left}\n`)
    },
    (error: unknown) => process.stderr.write(`gonka-devnet: ${error}\n`),
  )
}

function untilUnwanted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
    // The pipe is closed, as `head` does once it has its lines.
    process.stdout.on('error', () => resolve())
  })
}

function print(text: string): void {
  process.stdout.write(text)
}
