import { propertyOf } from './json-place.ts'
import { parseCommit } from './parse-commit.ts'
import { parseHeader } from './parse-header.ts'
import type { SignedHeader } from './types.ts'

/** Reads a header with its commit in any of the three dialects.
 * @param json - Parsed JSON of unknown shape: `{ header, commit }`, which is `result.signed_header` of `/commit`.
 * @returns Both. Their fields have the right form; nothing is checked, not even that they belong together.
 * @throws {GonkaProofVerificationError} `header-invalid` or `commit-invalid` naming the field and what was expected.
 * @example const { header, commit } = parseSignedHeader(answer.result.signed_header) */
export function parseSignedHeader(json: unknown): SignedHeader {
  const at = { value: json, field: 'signed_header', code: 'header-invalid' } as const
  return { header: parseHeader(propertyOf(at, 'header').value), commit: parseCommit(propertyOf(at, 'commit').value) }
}
