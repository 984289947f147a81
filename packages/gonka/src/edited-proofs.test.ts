import { type Devnet, startDevnet, type TrustAnchor } from '@gonka/devnet'
import { Router } from '@multiplexer/core/router'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startServer } from './fixtures/scripted-server.ts'
import type { Trust } from './index.ts'
import { registerGonkaModels } from './register-gonka-models.ts'

const DAY_MS = 86_400_000
const clock = { ms: Date.parse('2026-09-01T12:00:00.120Z') }
let devnet: Devnet
let past: TrustAnchor

beforeAll(async () => {
  const participants = [{ weight: 50 }, { weight: 30 }, { weight: 20 }]
  devnet = await startDevnet({ participants, seed: 'edited', blockTimeMs: 0, now: () => clock.ms })
  past = devnet.trustAnchor()
  clock.ms += DAY_MS
  await devnet.nextEpoch({ join: [{ weight: 40 }], leave: [2] })
  clock.ms += 3_600_000
})

afterAll(() => devnet.stop())

/** What one answer of the node becomes on its way. */
interface Edit {
  /** Beginning of the path of the answer. */
  readonly path: () => string
  readonly change: (text: string) => string
}

type Json = Record<string, unknown>

interface SignedHeader {
  header: Json & { chain_id: string; height: string; time: string; version: Json; last_block_id: Json | null }
  commit: { round: unknown; signatures: [Json, Json, Json] }
}

interface ValidatorPage {
  validators: (Json & { pub_key: Json })[]
  total: unknown
}

const parsed =
  <T>(change: (value: T) => void) =>
  (text: string): string => {
    const value = JSON.parse(text)
    change(value)
    return JSON.stringify(value)
  }

const list = (change: (text: string) => string): Edit => ({ path: () => '/v1/epochs/', change })

const signed = (change: (signed: SignedHeader) => void): Edit => ({
  path: () => `/chain-rpc/commit?height=${devnet.trustAnchor().height}`,
  change: parsed<{ result: { signed_header: SignedHeader } }>(({ result }) => change(result.signed_header)),
})

const header = (change: (header: SignedHeader['header']) => object): Edit =>
  signed(({ header: fields }) => void Object.assign(fields, change(fields)))

const vote = (fields: Json): Edit => signed(({ commit }) => void Object.assign(commit.signatures[2], fields))

const setText = (change: (text: string) => string): Edit => ({
  path: () => `/chain-rpc/validators?height=${devnet.trustAnchor().height}`,
  change,
})

const set = (change: (page: ValidatorPage) => void): Edit =>
  setText(parsed<{ result: ValidatorPage }>(({ result }) => change(result)))

const joined = (fields: Json): Edit =>
  set((page) => {
    page.validators.push({ ...(page.validators[0] as ValidatorPage['validators'][0]), ...fields })
    page.total = String(page.validators.length)
  })

const power = (votes: unknown): Edit =>
  set(({ validators }) => void Object.assign(validators[0] ?? {}, { voting_power: votes }))

const THEIRS = '"active_participants_bytes":"30072864"'
const toArabicDigits = (text: string): string => text.replace(/\d/g, (digit) => '٠١٢٣٤٥٦٧٨٩'[Number(digit)] ?? '')

const HARMLESS: readonly [string, Edit][] = [
  ['bytes given twice, of which JSON takes the last', list((text) => text.replace('{', `{${THEIRS},`))],
  ['a list in __proto__', list((text) => text.replace('{', '{"__proto__":{"active_participants":null},'))],
  ['weights beside the bytes that are infinite', list((text) => text.replace(/"weight":"?\d+"?/g, '"weight":1e999'))],
  ['a height as a number', header(({ height }) => ({ height: Number(height) }))],
  ['a height with zeros in front', header(({ height }) => ({ height: `000${height}` }))],
  ['an app hash in lower case', header(({ app_hash }) => ({ app_hash: String(app_hash).toLowerCase() }))],
  ['parts named in two ways', header(({ last_block_id: id }) => ({ last_block_id: { ...id, part_set_header: null } }))],
  ['a round as text', signed(({ commit }) => void Object.assign(commit, { round: '0' }))],
  [
    'a power given twice, of which JSON takes the last',
    setText((text) => text.replace('"voting_power"', '"voting_power":"99","voting_power"')),
  ],
]

const REFUSED: readonly [string, string, Edit][] = [
  ['bytes given twice, the honest ones first', 'value-mismatch', list((text) => text.replace(/}\s*$/, `,${THEIRS}}`))],
  ['everything in __proto__', 'proof-malformed', list((text) => `{"__proto__":${text}}`)],
  [
    'a full-width digit among the bytes',
    'proof-malformed',
    list((text) => text.replace(/(participants_bytes":"\w*?)0/, '$1０')),
  ],
  ['bytes in a list', 'proof-malformed', list((text) => text.replace(/(participants_bytes":)("\w*")/, '$1[$2]'))],
  [
    'an address with a Cyrillic letter',
    'value-mismatch',
    list((text) => text.replace('"index":"gonka', '"index":"gоnka')),
  ],
  ['a host with an ideographic full stop', 'value-mismatch', list((text) => text.replace('//127.0', '//127。0'))],
  ['a height in Arabic digits', 'header-invalid', header(({ height }) => ({ height: toArabicDigits(height) }))],
  ['a height with an exponent', 'header-invalid', header(({ height }) => ({ height: `${height}e0` }))],
  ['a height in hex', 'header-invalid', header(({ height }) => ({ height: `0x${Number(height).toString(16)}` }))],
  ['a leap second', 'header-invalid', header(({ time }) => ({ time: time.replace(/\d\d(\.\d+)?Z/, '60Z') }))],
  ['a time with an offset', 'header-invalid', header(({ time }) => ({ time: time.replace('Z', '+00:00') }))],
  [
    'a time cut to milliseconds',
    'header-hash-mismatch',
    header(({ time }) => ({ time: time.replace(/(\.\d{3})\d+Z/, '$1Z') })),
  ],
  [
    'a chain id with a Cyrillic letter',
    'chain-id-mismatch',
    header((each) => ({ chain_id: each.chain_id.replace('o', 'о') })),
  ],
  [
    'a chain id with a zero-width space',
    'chain-id-mismatch',
    header((each) => ({ chain_id: `${each.chain_id}\u200b` })),
  ],
  ['a chain id with a lone surrogate', 'header-invalid', header((each) => ({ chain_id: `${each.chain_id}\ud800` }))],
  ['no app hash', 'header-hash-mismatch', header(() => ({ app_hash: undefined }))],
  ['an empty evidence hash', 'header-hash-mismatch', header(() => ({ evidence_hash: '' }))],
  ['an evidence hash of zeros', 'header-hash-mismatch', header(() => ({ evidence_hash: '00'.repeat(32) }))],
  ['no block before', 'header-hash-mismatch', header(() => ({ last_block_id: null }))],
  ['an app version of 2^64', 'header-invalid', header(() => ({ version: { block: '11', app: String(2n ** 64n) } }))],
  ['votes of another round', 'signature-invalid', signed(({ commit }) => void Object.assign(commit, { round: 1 }))],
  ['a round of 2^32', 'commit-invalid', signed(({ commit }) => void Object.assign(commit, { round: 2 ** 32 }))],
  ['a vote that is called nil', 'signature-invalid', vote({ block_id_flag: 3 })],
  ['a vote whose flag is text', 'commit-invalid', vote({ block_id_flag: '2' })],
  ['a vote whose flag is unknown', 'commit-invalid', vote({ block_id_flag: 4 })],
  ['a vote given twice', 'commit-invalid', signed(({ commit }) => commit.signatures.fill(commit.signatures[0], 1))],
  ['votes in another order', 'commit-invalid', signed(({ commit }) => void commit.signatures.reverse())],
  [
    '10,001 votes',
    'commit-invalid',
    signed(({ commit }) => void Object.assign(commit, { signatures: Array(10_001).fill(0) })),
  ],
  ['validators in another order', 'validators-hash-mismatch', set(({ validators }) => void validators.reverse())],
  ['a validator given twice', 'validators-invalid', joined({})],
  ['a validator without power', 'validators-invalid', joined({ voting_power: '0' })],
  ['a total power above 2^60', 'validators-invalid', power(String(2n ** 60n))],
  ['a power above int64', 'validators-invalid', power(String(2n ** 63n))],
  ['a power that is the honest one modulo 2^64', 'validators-invalid', power(String(2n ** 64n + 50n))],
  ['a power with an exponent', 'validators-invalid', power('5e1')],
  ['a power that JSON rounded', 'validators-invalid', power(2 ** 60)],
  ['no power', 'validators-invalid', power(null)],
  [
    'a power that is no JSON',
    'discovery-answer-invalid',
    setText((text) => text.replace(/"voting_power":"\d+"/, '"voting_power":NaN')),
  ],
  [
    'a power given twice, the honest one first',
    'validators-hash-mismatch',
    setText((text) => text.replace(/("voting_power":"\d+")/, '$1,"voting_power":"99"')),
  ],
  [
    'a key of another kind',
    'key-type-unsupported',
    set(({ validators }) => void Object.assign(validators[0]?.pub_key ?? {}, { type: 'tendermint/PubKeySecp256k1' })),
  ],
  [
    'two keys for a validator',
    'validators-invalid',
    set(
      ({ validators }) => void Object.assign(validators[0]?.pub_key ?? {}, { ed25519: validators[1]?.pub_key.value }),
    ),
  ],
  ['fewer announced than given', 'rpc-answer-invalid', set((page) => void Object.assign(page, { total: '2' }))],
  ['10,001 announced', 'rpc-answer-invalid', set((page) => void Object.assign(page, { total: '10001' }))],
]

/** Registers by way of a node whose answers are edited. */
async function registerEdited(
  { path, change }: Edit,
  { router, trust }: { router: Router; trust: Trust },
): Promise<void> {
  const edited: boolean[] = []
  const relay = await startServer(async ({ url = '' }, response) => {
    const text = await (await fetch(`${devnet.url}${url}`)).text()
    const answer = url.startsWith(path()) ? change(text) : text
    edited.push(answer !== text)
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer)
  })
  const registering = registerGonkaModels(router, {
    sourceUrl: relay.url,
    privateKey: devnet.account.privateKey,
    chainId: devnet.chainId,
    trust,
    verifyProofs: true,
    allowPrivateHosts: true,
    discovery: { retryCount: 0 },
    env: {},
    now: () => clock.ms,
  })
  onTestFinished(() => registering.then(({ refreshManager }) => refreshManager?.stop()).catch(() => undefined))
  await registering.finally(() => expect(edited).toContain(true))
}

const membersOf = (router: Router): string[] => Object.keys(router.getStats().members).sort()

const TRUSTS: [string, () => Trust][] = [
  ['anchored', () => past],
  ['agreed', () => ({ witnesses: devnet.urls.slice(1), quorum: 2 })],
  ['first-use', () => 'first-use'],
]

describe.each(TRUSTS)('on the trust %s', (_, trust) => {
  test.each(HARMLESS)('another way of saying the same registers the same: %s', async (_, edit) => {
    const router = new Router()
    await registerEdited(edit, { router, trust: trust() })
    const honest = devnet.nodes.flatMap(({ address, inEpoch }) => (inEpoch ? [`gonka:${address}`] : []))
    expect(membersOf(router)).toEqual(honest.sort())
  })

  test.each(REFUSED)('registers nobody: %s: %s', async (_, code, edit) => {
    const router = new Router()
    await expect(registerEdited(edit, { router, trust: trust() })).rejects.toMatchObject({ code })
    expect(membersOf(router)).toEqual([])
  })
})
