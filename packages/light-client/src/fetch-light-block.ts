import { refusal } from './errors.ts'
import type { BlockSource, CallOptions, LightBlock, SignedHeader } from './types.ts'

/** Asks a source for a header, and holds it to the height asked for. */
export async function fetchSignedHeader(
  source: BlockSource,
  height: bigint,
  options: CallOptions,
): Promise<SignedHeader> {
  const signedHeader = await source.signedHeader(height, options)
  const { height: found } = signedHeader.header
  if (found === height) return signedHeader
  throw refusal(
    'rpc-answer-invalid',
    `The source was asked for the header at height ${height} and gave that of ${found}.`,
  )
}

/** Asks a source for a header, the votes on it and the set that signs it. Nothing is verified. */
export async function fetchLightBlock(source: BlockSource, height: bigint, options: CallOptions): Promise<LightBlock> {
  const [signedHeader, validators] = await Promise.all([
    fetchSignedHeader(source, height, options),
    source.validators(height, options),
  ])
  return { ...signedHeader, validators }
}
