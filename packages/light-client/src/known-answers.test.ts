import { parseBlockTime } from '@gonka/protocol'
import { sha256 } from '@noble/hashes/sha2.js'
import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from './bytes.ts'
import bundle from './fixtures/gonka-sim-101.json' with { type: 'json' }
import { refusalOf } from './fixtures/refusals.ts'
import { HAS_VECTORS, listVectors, readVector } from './fixtures/vectors.ts'
import { hashHeader } from './hash-header.ts'
import { hashValidators } from './hash-validators.ts'
import { merkleRoot } from './merkle-root.ts'
import { parseCommit } from './parse-commit.ts'
import { parseHeader } from './parse-header.ts'
import { parseSignedHeader } from './parse-signed-header.ts'
import { parseValidators } from './parse-validators.ts'
import type { LightBlock, TrustedState } from './types.ts'
import { verifyCommit } from './verify-commit.ts'
import { verifyLightBlock } from './verify-light-block.ts'
import { voteSignBytes } from './vote-sign-bytes.ts'

describe('the synthetic block of the protocol reference', () => {
  const { header, commit } = parseSignedHeader(bundle.signed_header)
  const validators = parseValidators(bundle.validators)
  const chainId = 'gonka-sim-1'

  test('has the expected hashes', () => {
    expect(toHex(hashHeader(header))).toBe('2599f62d6b6e7700c7f9de69b27e15f8c01b9611d17cbb11f658bfa81c73d4ab')
    expect(toHex(hashValidators(validators))).toBe('f29032d205ba57427ed50725c0e231ab810bf0c811a3b49b3aa63a01cf7c303f')
    expect(toHex(header.appHash)).toBe('811b7222ace065625663636bee309dce4710ae99495190eeb2110ea8704e2c29')
  })

  test('has the expected sign bytes', () => {
    const { height, round, blockId, signatures } = commit
    const message = voteSignBytes({ chainId, height, round, blockId, timeNs: signatures[0]!.timeNs })
    expect(toHex(message)).toBe(
      '6c080211650000000000000022480a202599f62d6b6e7700c7f9de69b27e15f8c01b9611d17cbb11f658bfa81c73d4ab122408011220719bb2784b0d43050110c66067b8450336de42912546104731852edfd63f03da2a080885e5d0d3061001320b676f6e6b612d73696d2d31',
    )
  })

  test.each([
    [0, 'not-enough-power'],
    [1, 'accepted'],
    [2, 'accepted'],
  ])('without the signature at index %i it is %s', (missing, verdict) => {
    const absent = { block_id_flag: 1, validator_address: '', timestamp: '0001-01-01T00:00:00Z', signature: null }
    const signatures = bundle.signed_header.commit.signatures.map((entry, index) =>
      index === missing ? absent : entry,
    )
    const cut = parseCommit({ ...bundle.signed_header.commit, signatures })
    expect(refusalOf(() => verifyCommit({ chainId, header, commit: cut, validators }))).toBe(verdict)
  })
})

describe('Merkle trees of RFC 6962', () => {
  const bytes = (hex: string): Uint8Array => fromHex(hex) as Uint8Array

  test.each([
    [[], 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    [[''], '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    [['4c313233343536'], '395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56'],
  ])('%j', (items, root) => {
    expect(toHex(merkleRoot(items.map(bytes)))).toBe(root)
  })

  test('are split at the largest power of two below their size', () => {
    const items = Array.from({ length: 9 }, (_, index) => Uint8Array.of(index))
    for (const [size, split] of [
      [2, 1],
      [3, 2],
      [4, 2],
      [5, 4],
      [8, 4],
      [9, 8],
    ] as const) {
      const some = items.slice(0, size)
      const [left, right] = [merkleRoot(some.slice(0, split)), merkleRoot(some.slice(split))]
      expect(merkleRoot(some)).toEqual(sha256(Uint8Array.of(1, ...left, ...right)))
    }
  })
})

describe.skipIf(!HAS_VECTORS)('published known answers', () => {
  const answers = HAS_VECTORS ? readVector('lightclient/known-answers.json') : {}

  test('header hashes', () => {
    expect(answers.header_hash).toHaveLength(1)
    for (const { header, hash } of answers.header_hash) {
      expect(toHex(hashHeader(parseHeader(header))).toUpperCase()).toBe(hash)
    }
  })

  test('vote sign bytes', () => {
    expect(answers.vote_sign_bytes).toHaveLength(5)
    for (const vote of answers.vote_sign_bytes) {
      const { chain_id: chainId, height, round, type, timestamp, sign_bytes: expected } = vote
      const timeNs = parseBlockTime(timestamp) as bigint
      const message = voteSignBytes({ chainId, height: BigInt(height), round, type, timeNs, blockId: undefined })
      expect(toHex(message)).toBe(expected)
    }
  })

  test.each(['gaia_fixtures', 'kvstore_fixtures/v0_38'])('answers of a node: %s', (folder) => {
    const { result } = readVector(`lightclient/rpc/${folder}/commit_at_height_10.json`)
    const block = parseSignedHeader(result.signed_header)
    const first = readVector(`lightclient/rpc/${folder}/block_at_height_1.json`).result
    expect(toHex(hashHeader(block.header)).toUpperCase()).toBe(result.signed_header.commit.block_id.hash)
    expect(toHex(hashHeader(parseHeader(first.block.header))).toUpperCase()).toBe(first.block_id.hash)
  })

  test('the commit of an answer of a node', () => {
    const folder = 'lightclient/rpc/kvstore_fixtures/v0_38'
    const block = parseSignedHeader(readVector(`${folder}/commit_at_height_10.json`).result.signed_header)
    const validators = parseValidators([readVector(`${folder}/status.json`).result.validator_info])
    expect(refusalOf(() => verifyCommit({ chainId: 'dockerchain', ...block, validators }))).toBe('accepted')
  })

  test('the documentation sample is signed, at the height before the one of its proof', () => {
    const { block, validators } = readVector('gonka/docs-epoch1-participants.json').response
    const header = parseHeader(block[0].header)
    const commit = parseCommit(block[0].last_commit)
    expect([header.height, commit.height]).toEqual([15n, 14n])
    const options = { chainId: 'prod-sim', header, commit, validators: parseValidators(validators) }
    expect(refusalOf(() => verifyCommit(options))).toBe('commit-invalid')
  })
})

describe.skipIf(!HAS_VECTORS)('real chains', () => {
  const files = HAS_VECTORS ? listVectors('lightclient/mainnet') : ['']

  test.each(files)('%s: the commit, and the skip from a trusted set', (path) => {
    const vector = readVector(path)
    const block: LightBlock = {
      ...parseSignedHeader(vector.signed_header),
      validators: parseValidators(vector.validators),
    }
    const { chainId, timeNs } = block.header
    expect(verifyCommit({ chainId, ...block })).toEqual(block.commit.blockId.hash)
    const trusted = trustIn(vector, block)
    const now = Number(timeNs / 1_000_000n) + 5_000
    const next = verifyLightBlock({ trusted, untrusted: block, now, trustingPeriodMs: 86_400_000 })
    expect(next).toMatchObject({ header: block.header, hash: block.commit.blockId.hash, anchorHash: trusted.hash })
  })

  /** The vectors hold the trusted set, not its header: that is made up around it. */
  function trustIn(
    vector: { trusted_height: { height: string }; trusted_validators: unknown },
    { header }: LightBlock,
  ): TrustedState {
    const nextValidators = parseValidators(vector.trusted_validators)
    const height = BigInt(vector.trusted_height.height)
    const nextValidatorsHash = hashValidators(nextValidators)
    const trusted = { ...header, height, timeNs: header.timeNs - 60_000_000_000n, nextValidatorsHash }
    return { header: trusted, hash: hashHeader(trusted), anchorHash: hashHeader(trusted), nextValidators }
  }
})
