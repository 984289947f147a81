import { parseHttpUrl } from '@gonka/protocol'
import { invalid } from './check-option.ts'
import type { Trust } from './types.ts'

/** Checks where trust in headers comes from.
 * @param trust - A `Trust`, or its text for environments: `height:hash` or `first-use`.
 * @param field - Name of the option, for messages. @default 'trust'
 * @returns The same in one form: the height as number, the hash in lower case, URLs without trailing slash, none twice.
 * @throws {GonkaConfigError} `config-invalid` or `url-invalid`, with the field at fault.
 * @example parseTrust(`1200000:${'ab'.repeat(32)}`) // { height: 1200000, hash: 'abab…' } */
export function parseTrust(trust: unknown, field = 'trust'): Trust {
  if (trust === 'first-use') return trust
  if (typeof trust === 'string') return parseAnchorText(trust, field)
  if (typeof trust === 'object' && trust !== null && !Array.isArray(trust)) {
    if ('witnesses' in trust || 'quorum' in trust) return parseWitnesses(trust, field)
    if ('height' in trust || 'hash' in trust) return parseAnchor(trust, field)
  }
  throw invalid(field, "{ height, hash }, { witnesses, quorum } or 'first-use'")
}

function parseAnchorText(text: string, field: string): Trust {
  const [, height, hash] = /^(\d{1,16}):([^:]*)$/.exec(text.trim()) ?? []
  if (height === undefined) throw invalid(field, "'<height>:<hash>' or 'first-use'")
  return parseAnchor({ height: Number(height), hash }, field)
}

function parseAnchor({ height, hash }: { height?: unknown; hash?: unknown }, field: string): Trust {
  const number = typeof height === 'bigint' ? Number(height) : height
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 1) {
    throw invalid(`${field}.height`, 'a block height: a whole number from 1 to 2^53 - 1')
  }
  if (typeof hash !== 'string' || !/^[0-9a-fA-F]{64}$/.test(hash)) {
    throw invalid(`${field}.hash`, 'the hash of the header at that height: 64 hex digits')
  }
  return Object.freeze({ height: number, hash: hash.toLowerCase() })
}

function parseWitnesses(trust: { witnesses?: unknown; quorum?: unknown }, field: string): Trust {
  if (!Array.isArray(trust.witnesses)) throw invalid(`${field}.witnesses`, 'a list of URLs of nodes')
  const urls = trust.witnesses.map((url: string, index) => parseNodeUrl(url, `${field}.witnesses[${index}]`))
  const witnesses = Object.freeze([...new Set(urls)])
  const { quorum } = trust
  const isQuorum = typeof quorum === 'number' && Number.isInteger(quorum) && quorum >= 1
  if (!isQuorum || quorum > witnesses.length) {
    throw invalid(`${field}.quorum`, `a whole number from 1 to the number of different witnesses, ${witnesses.length}`)
  }
  return Object.freeze({ witnesses, quorum })
}

/** Checks the URL of a node. Paths begin with /v1 or /chain-api, so a `/v1` out of habit would double it. */
export function parseNodeUrl(url: string, field: string): string {
  return parseHttpUrl(url, field).replace(/\/v1$/, '')
}
