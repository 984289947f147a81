import { bench, describe } from 'vitest'
import { verifyPortably } from '../src/create-ed25519-verify.ts'
import { createHeader, signBlock } from '../src/fixtures/chain.ts'
import { createMember, sortMembers, validatorsOf } from '../src/fixtures/members.ts'
import { hashValidators } from '../src/hash-validators.ts'
import { verifyCommit } from '../src/verify-commit.ts'

const members = sortMembers(Array.from({ length: 100 }, (_, index) => createMember(`v${index}`, BigInt(index + 1))))
const block = signBlock(createHeader({ validatorsHash: hashValidators(validatorsOf(members)) }), members)

describe('a commit of 100 validators', () => {
  bench('node:crypto first, noble for its no', () => {
    verifyCommit({ chainId: 'gonka-test-1', ...block })
  })

  bench('noble alone, as in browsers', () => {
    verifyCommit({ chainId: 'gonka-test-1', ...block, ed25519Verify: verifyPortably })
  })
})
