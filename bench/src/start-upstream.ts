import { fork } from 'node:child_process'
import { once } from 'node:events'

/** An OpenAI-compatible upstream in another process. */
export interface Upstream {
  readonly baseURL: string
  /** Ends the process. */
  close(): void
}

/** Starts the upstream; needs the package to be built.
 * @throws Error when the process ends before it listens. */
export async function startUpstream(): Promise<Upstream> {
  const child = fork(new URL('../dist/upstream-process.js', import.meta.url), { execArgv: [] })
  const [port] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`The upstream process ended with code ${code}.`))),
  ])
  return { baseURL: `http://127.0.0.1:${port}/v1`, close: () => void child.disconnect() }
}
