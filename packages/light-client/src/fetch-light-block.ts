import { untilAborted } from '@gonka/protocol'
import { checkHeaderShape } from './check-shape.ts'
import { refusal } from './errors.ts'
import { propertyOf } from './json-place.ts'
import type { BlockSource, CallOptions, LightBlock, SignedHeader, Validator } from './types.ts'

/** Asks a source for a header, and holds it to the height asked for.
 * @throws {GonkaProofVerificationError} `rpc-answer-invalid`; `header-invalid` when it gave something that is no header. */
export async function fetchSignedHeader(
  source: BlockSource,
  height: bigint | 'latest',
  { signal }: CallOptions,
): Promise<SignedHeader> {
  const answer = await untilAborted(source.signedHeader(height, { signal }), signal)
  propertyOf({ value: answer, field: 'The answer of the source', code: 'rpc-answer-invalid' }, 'header')
  checkHeaderShape(answer.header)
  const { height: found } = answer.header
  if (height === 'latest' || found === height) return answer
  throw refusal(
    'rpc-answer-invalid',
    `The source was asked for the header at height ${height} and gave that of ${found}.`,
  )
}

/** Asks a source for the set that signs a height. Nothing is verified. */
export async function fetchSet(
  source: BlockSource,
  height: bigint,
  { signal }: CallOptions,
): Promise<readonly Validator[]> {
  return untilAborted(source.validators(height, { signal }), signal)
}

/** Asks a source for a header, the votes on it and the set that signs it. Nothing is verified. */
export async function fetchLightBlock(source: BlockSource, height: bigint, options: CallOptions): Promise<LightBlock> {
  const [{ header, commit }, validators] = await Promise.all([
    fetchSignedHeader(source, height, options),
    fetchSet(source, height, options),
  ])
  return { header, commit, validators }
}
