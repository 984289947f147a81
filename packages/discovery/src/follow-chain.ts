import { LightClient, type TrustedState } from '@gonka/light-client'
import { GonkaProofVerificationError } from '@gonka/protocol'
import type { AuthenticHeader, HeaderRequest, HeaderSettings } from './header-authentication.ts'

/** A header that is trusted from the start. */
export interface Anchor {
  readonly height: bigint
  /** 64 hex digits in lower case. */
  readonly hash: string
}

/** Reaches a height from an anchor, or from what was reached from that anchor before, with the source as the only helper.
 * What stems from another anchor is not built on: a new anchor is a new beginning.
 * @throws {GonkaProofVerificationError} with the light client's codes. */
export async function followChain(
  anchor: Anchor,
  request: HeaderRequest,
  settings: HeaderSettings,
): Promise<AuthenticHeader> {
  const { source, height, known, signal } = request
  let saved: TrustedState | undefined
  const client = new LightClient({
    ...settings,
    trust: anchor,
    primary: source,
    witnesses: [],
    minWitnesses: 0,
    store: {
      load: async () => known,
      save: async (state) => {
        saved = state
      },
    },
  })
  const { header, hash } = await client.headerAt(height, { signal }).catch((error: unknown) => {
    throw isTooFar(error) ? tooFar(error, { from: (known?.header ?? anchor).height, to: height }) : error
  })
  return { header, hash, state: saved ?? known }
}

function isTooFar(error: unknown): error is GonkaProofVerificationError {
  return error instanceof GonkaProofVerificationError && error.code === 'backwards-too-far'
}

/** The usual mistake is an anchor at the newest block: the list was proven when its epoch began. */
function tooFar(cause: GonkaProofVerificationError, { from, to }: { from: bigint; to: bigint }): Error {
  const message = `the list is proven by the header at height ${to}, ${from - to} blocks before the trusted one at ${from}; that is too far to follow the links back. Trust the header at height ${to}, or a somewhat earlier one, once you have its hash from somewhere else.`
  return new GonkaProofVerificationError('backwards-too-far', message, { cause })
}
