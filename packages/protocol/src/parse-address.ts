import { decodeBech32, encodeBech32 } from './bech32.ts'
import { GonkaConfigError } from './errors.ts'

const PREFIX = 'gonka'
const ADDRESS_BYTES = 20

/** Checks a Gonka account address: bech32 (not bech32m), prefix `gonka`, 20 bytes.
 * @param text - The address, `gonka1…`, 44 characters.
 * @param field - Name of the input for the error message. @default 'address'
 * @returns The address in lower case.
 * @throws {GonkaConfigError} `address-invalid` naming the field and what is wrong: prefix, length or checksum.
 * @example const address = parseAddress('gonka1w508d6qejxtdg4y5r3zarvary0c5xw7k2gsyg6')
 * @see Protocol reference, section 2 */
export function parseAddress(text: string, field = 'address'): string {
  const fail = (problem: string): never => {
    throw new GonkaConfigError('address-invalid', `${field} must be a gonka1… account address: ${problem}.`, { field })
  }
  if (typeof text !== 'string') return fail(`it is of type ${typeof text}`)
  if (text === '') return fail('it is empty')
  const decoded = decodeBech32(text)
  if (!decoded) return fail('the bech32 checksum or alphabet is wrong')
  if (decoded.prefix !== PREFIX) return fail(`the prefix is ${JSON.stringify(decoded.prefix.slice(0, 20))}`)
  const { bytes } = decoded
  if (bytes?.length !== ADDRESS_BYTES) return fail(`it holds ${bytes?.length ?? 'no'} bytes, not ${ADDRESS_BYTES}`)
  return text.toLowerCase()
}

/** Writes 20 address bytes as a Gonka account address.
 * @param bytes - ripemd160(sha256(compressed public key)), 20 bytes.
 * @returns `gonka1…`, 44 characters.
 * @throws RangeError when `bytes` is not 20 bytes long.
 * @example const address = formatAddress(new Uint8Array(20)) */
export function formatAddress(bytes: Uint8Array): string {
  if (bytes.length !== ADDRESS_BYTES)
    throw new RangeError(`An address has ${ADDRESS_BYTES} bytes; got ${bytes.length}.`)
  return encodeBech32(PREFIX, bytes)
}
