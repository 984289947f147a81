import { MultiplexerError } from './errors.ts'

/** Oldest Node that everything is tested on: the first of its line with `require()` of ESM. */
const OLDEST_NODE = [20, 19] as const
/** Majors of the package `openai` that fit, as in `peerDependencies`. */
const SDK_MAJORS = [6, 7] as const

interface PlatformGlobals {
  readonly process?: { readonly versions?: { readonly node?: string | undefined } | undefined } | undefined
}

/** Refuses a Node that is too old; other platforms pass.
 * @param packageName - Who asks.
 * @param globals - Where `process` would be. @default globalThis
 * @throws {MultiplexerError} `platform-unsupported` below Node 20.19.
 * @example checkPlatform('@multiplexer/core') */
export function checkPlatform(packageName: string, globals: PlatformGlobals = globalThis as PlatformGlobals): void {
  const version = globals.process?.versions?.node
  if (version === undefined) return
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return
  throw new MultiplexerError(
    'platform-unsupported',
    `${packageName} needs Node ${OLDEST_NODE.join('.')} or later; this is ${version}. Upgrade Node.`,
  )
}

/** Refuses a version of the OpenAI SDK that the multiplexer cannot be mounted on.
 * @throws {MultiplexerError} `sdk-unsupported` outside the range of `peerDependencies`. */
export function checkSdk(version: string): void {
  const major = Number(version.split('.')[0])
  if (SDK_MAJORS.some((supported) => supported === major)) return
  throw new MultiplexerError(
    'sdk-unsupported',
    `Multiplexer needs the package openai >=6 <8; installed is ${version}. Run "npm i openai@${SDK_MAJORS[0]}", or use Router of @multiplexer/core/router, which needs no SDK.`,
  )
}
