import { expect, test } from 'vitest'
import { verifyPortably } from '../src/create-ed25519-verify.ts'
import { createHeader, signBlock } from '../src/fixtures/chain.ts'
import { createMember, sortMembers, validatorsOf } from '../src/fixtures/members.ts'
import { hashValidators } from '../src/hash-validators.ts'
import { verifyCommit } from '../src/verify-commit.ts'

const members = sortMembers(Array.from({ length: 100 }, (_, index) => createMember(`v${index}`, BigInt(index + 1))))
const block = signBlock(createHeader({ validatorsHash: hashValidators(validatorsOf(members)) }), members)
const chainId = 'gonka-test-1'

/** The shortest of a few runs: what else the machine does can only make one longer. */
function shortestMs(work: () => void): number {
  const times = Array.from({ length: 8 }, () => {
    const startedMs = performance.now()
    work()
    return performance.now() - startedMs
  })
  return Math.min(...times)
}

test('a commit of 100 validators costs at most a quarter of pure noble', () => {
  const fastMs = shortestMs(() => verifyCommit({ chainId, ...block }))
  const portableMs = shortestMs(() => verifyCommit({ chainId, ...block, ed25519Verify: verifyPortably }))
  const ratio = fastMs / portableMs
  console.log(`node:crypto ${fastMs.toFixed(1)} ms, noble ${portableMs.toFixed(1)} ms; ratio ${ratio.toFixed(2)}`)
  expect(ratio).toBeLessThan(0.25)
})
