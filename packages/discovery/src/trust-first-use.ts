import { type TrustedState, verifyCommit } from '@gonka/light-client'
import { checkNotFromFuture } from './check-header-time.ts'
import { encodeHex } from './decode-bytes.ts'
import { followChain } from './follow-chain.ts'
import type { AuthenticateHeader, HeaderRequest, HeaderSettings } from './header-authentication.ts'

/** Trusts the first header that agrees with itself, and from then on only what follows from it. */
export function createFirstUseTrust(settings: HeaderSettings): AuthenticateHeader {
  return async (request) => {
    const known = request.known ?? (await pinHeader(request, settings))
    const anchor = { height: known.header.height, hash: encodeHex(known.hash) }
    return followChain(anchor, { ...request, known }, settings)
  }
}

/** Whoever is asked first chooses the chain. That it signed its own header keeps accidents out, not a liar. */
async function pinHeader({ source, height, signal }: HeaderRequest, settings: HeaderSettings): Promise<TrustedState> {
  const { header, commit } = await source.signedHeader(height, { signal })
  const validators = await source.validators(height, { signal })
  const hash = verifyCommit({ chainId: settings.chainId, header, commit, validators })
  checkNotFromFuture(header, settings)
  return { header, hash, anchorHash: hash }
}
