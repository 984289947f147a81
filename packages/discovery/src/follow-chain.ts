import { LightClient, type TrustedState } from '@gonka/light-client'
import type { AuthenticHeader, HeaderRequest, HeaderSettings } from './header-authentication.ts'

/** A header that is trusted from the start. */
export interface Anchor {
  readonly height: bigint
  /** 64 hex digits in lower case. */
  readonly hash: string
}

/** Reaches a height from an anchor, or from what was reached from that anchor before, with the source as the only helper.
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
  const reached = await client.headerAt(height, { signal })
  const { header, hash } = reached
  // A header below the anchor is reached by hash links: it is no place to go on from.
  return { header, hash, state: saved ?? known ?? (height >= anchor.height ? reached : undefined) }
}
