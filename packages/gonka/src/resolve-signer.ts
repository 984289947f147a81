import { GonkaConfigError, GonkaError, parseAddress } from '@gonka/protocol'
import { createSigner, type Signer } from '@gonka/signer'
import type { UncheckedOptions } from './config-options.ts'
import { invalidField } from './schemas.ts'

/** Makes the signer of the configuration; the private key goes no further than this.
 * @param need.required - Whether a key must be there.
 * @returns Undefined when none is required and none is given.
 * @throws {GonkaConfigError} field `privateKey`, `signer` or `address`: `key-invalid`, `config-invalid`, `address-invalid`. */
export function resolveSigner(
  { privateKey, signer, address }: UncheckedOptions,
  { required }: { readonly required: boolean },
): Signer | undefined {
  if (privateKey !== undefined && signer !== undefined) {
    throw new GonkaConfigError('config-invalid', 'Give privateKey or signer, not both.', { field: 'signer' })
  }
  if (!required && privateKey === undefined && signer === undefined) return undefined
  const own = signer === undefined ? signerFromKey(privateKey) : checkSigner(signer)
  if (address === undefined) return own
  return Object.freeze({
    address: parseAddress(address as string, 'address'),
    sign: (digest: Uint8Array) => own.sign(digest),
  })
}

function signerFromKey(privateKey: unknown): Signer {
  if (privateKey === undefined || privateKey === '') {
    const message = 'privateKey is required: pass privateKey or signer, or set GONKA_PRIVATE_KEY.'
    throw new GonkaConfigError('key-invalid', message, { field: 'privateKey' })
  }
  try {
    return createSigner(privateKey as string)
  } catch (cause) {
    // The signer's messages say what is wrong with a key without repeating any of it; no other error's text is passed on.
    if (!(cause instanceof GonkaError)) throw invalidField('privateKey', '64 hex digits', undefined)
    throw new GonkaConfigError('key-invalid', cause.message, { field: 'privateKey' })
  }
}

function checkSigner(signer: unknown): Signer {
  const candidate = signer as Partial<Signer> | null
  if (typeof candidate?.sign !== 'function') {
    throw invalidField('signer', 'an object with an address and a sign function', signer)
  }
  parseAddress(candidate.address as string, 'signer')
  return candidate as Signer
}
