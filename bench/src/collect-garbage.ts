import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const gc: () => void = runInNewContext('gc')

/** Collects garbage and gives finalisers, which run in turns of their own, time to let go of theirs.
 * @returns The heap in use afterwards, in bytes. */
export async function collectGarbage(): Promise<number> {
  for (let pass = 0; pass < 3; pass++) {
    gc()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return process.memoryUsage().heapUsed
}
