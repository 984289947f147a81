import type { AskRpc } from './ask-rpc.ts'
import { refusal } from './errors.ts'
import { propertyOf } from './json-place.ts'
import { MAX_VALIDATORS } from './limits.ts'
import { INT64, parseInteger } from './parse-integer.ts'
import { parseValidators } from './parse-validators.ts'
import type { Validator } from './types.ts'

/** The most that a node gives at once. */
const PAGE_SIZE = 100
const MAX_PAGES = MAX_VALIDATORS / PAGE_SIZE

interface Page {
  readonly validators: readonly Validator[]
  readonly total: bigint
}

/** Asks for the pages of a validator set until all are there. The node says how many that is, and is held to it.
 * @throws {GonkaProofVerificationError} `rpc-answer-invalid` on pages of another height, changing totals, empty, overfull or
 * too many pages. */
export async function fetchValidators(ask: AskRpc, height: bigint): Promise<readonly Validator[]> {
  const validators: Validator[] = []
  let total: bigint | undefined
  for (let number = 1; number <= MAX_PAGES; number++) {
    const page = await fetchPage(ask, height, number)
    total ??= page.total
    validators.push(...page.validators)
    if (page.total !== total) throw invalid(`page ${number} says ${page.total} validators, page 1 said ${total}`)
    if (BigInt(validators.length) > total) throw invalid(`the pages hold more than the ${total} validators announced`)
    if (BigInt(validators.length) === total) return validators
    if (page.validators.length === 0)
      throw invalid(`page ${number} is empty, with ${validators.length} of ${total} given`)
  }
  throw invalid(`${MAX_PAGES} pages hold ${validators.length} of ${total} validators`)
}

async function fetchPage(ask: AskRpc, height: bigint, number: number): Promise<Page> {
  const result = await ask(`/validators?height=${height}&page=${number}&per_page=${PAGE_SIZE}`)
  const found = parseInteger(propertyOf(result, 'block_height'), INT64)
  if (found !== height) throw invalid(`the node was asked for height ${height} and gave that of ${found}`)
  const total = parseInteger(propertyOf(result, 'total'), { min: 1n, max: BigInt(MAX_VALIDATORS) })
  return { validators: parseValidators(propertyOf(result, 'validators').value), total }
}

function invalid(problem: string): Error {
  return refusal('rpc-answer-invalid', `The validators cannot be read: ${problem}.`)
}
