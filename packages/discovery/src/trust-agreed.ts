import { type BlockSource, hashHeader, verifyCommit } from '@gonka/light-client'
import { GonkaProofVerificationError } from '@gonka/protocol'
import { encodeHex } from './decode-bytes.ts'
import type { AuthenticateHeader, HeaderRequest, HeaderSettings } from './header-authentication.ts'
import { WitnessConflictError } from './witness-conflict-error.ts'

/** Independent nodes, by URL, and how many of them must say the same. */
export interface Witnesses {
  readonly sources: ReadonlyMap<string, BlockSource>
  readonly quorum: number
}

/** What the witnesses said of one height. */
interface Testimony {
  /** Who reported which header, by its hash in hex. */
  readonly hashes: ReadonlyMap<string, string>
  /** Who could not be asked, and why. */
  readonly failures: readonly string[]
}

/** Trusts a header that its own validators signed and that enough independent nodes have at the same height. */
export function createAgreedTrust(witnesses: Witnesses, settings: HeaderSettings): AuthenticateHeader {
  return async (request) => {
    const { source, height, signal } = request
    const { header, commit } = await source.signedHeader(height, { signal })
    const validators = await source.validators(height, { signal })
    const claim = { chainId: settings.chainId, header, commit, validators }
    // First all but the signatures: anybody can make up 10,000 that take many seconds to check, and witnesses take none.
    const hash = verifyCommit({ ...claim, ed25519Verify: () => true })
    const testimony = await askWitnesses(witnesses, request)
    judge(testimony, { hash: encodeHex(hash), height, quorum: witnesses.quorum })
    verifyCommit(claim)
    return { header, hash, state: undefined }
  }
}

/** Asks all at once, and waits for all: a single contradiction counts more than a quorum. */
async function askWitnesses({ sources }: Witnesses, { sourceUrl, height, signal }: HeaderRequest): Promise<Testimony> {
  const hashes = new Map<string, string>()
  const failures: string[] = []
  const ask = async ([url, witness]: [string, BlockSource]): Promise<void> => {
    try {
      const { header } = await witness.signedHeader(height, { signal })
      hashes.set(url, encodeHex(hashHeader(header)))
    } catch (error) {
      failures.push(`${url}: ${error instanceof Error ? error.message : 'failed'}`)
    }
  }
  // A node does not vouch for itself.
  await Promise.all([...sources].filter(([url]) => url !== sourceUrl).map(ask))
  signal?.throwIfAborted()
  return { hashes, failures }
}

function judge(
  { hashes, failures }: Testimony,
  { hash, height, quorum }: { hash: string; height: bigint; quorum: number },
): void {
  const reported = new Set(hashes.values())
  const said = [...hashes].map(([url, each]) => `${url}: ${each}`).join(', ')
  if (reported.size > 1) {
    throw new WitnessConflictError(
      `The witnesses have different headers at height ${height}. One of them lies, or the chain has split; nothing can be trusted until it is known which. ${said}.`,
    )
  }
  if (reported.size === 1 && !reported.has(hash)) {
    const message = `its header at height ${height} is ${hash}, the witnesses have another. ${said}.`
    throw new GonkaProofVerificationError('witness-conflict', message)
  }
  if (hashes.size >= quorum) return
  const problem = `${hashes.size} of the ${quorum} witnesses that are needed have reported the header at height ${height}`
  throw new GonkaProofVerificationError('witness-missing', `${problem}. ${failures.join(' ')}`.trimEnd())
}
