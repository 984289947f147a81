import { encodeHex } from './decode-bytes.ts'
import { type Anchor, followChain } from './follow-chain.ts'
import type { AuthenticateHeader, HeaderSettings } from './header-authentication.ts'

/** Trusts the header that the caller names, and what the chain's validators signed from there on. */
export function createAnchoredTrust(anchor: Anchor, settings: HeaderSettings): AuthenticateHeader {
  return (request) => {
    const { known } = request
    const stems = known && [known.anchorHash, known.hash].some((hash) => encodeHex(hash) === anchor.hash)
    // Another anchor is a new beginning: nothing that stems from the old one counts.
    return followChain(anchor, stems ? request : { ...request, known: undefined }, settings)
  }
}
