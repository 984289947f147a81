import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import { hashHeader } from './consensus/hash-header.ts'
import { Ed25519Signer } from './consensus/sign-ed25519.ts'
import type { Header } from './consensus/types.ts'
import { createValidator, hashValidators, orderValidators } from './consensus/validator-set.ts'
import { voteSignBytes } from './consensus/vote-sign-bytes.ts'
import { fromBase64 } from './fixtures/check-chain.ts'
import { merkleRoot } from './merkle-tree.ts'
import { encodeMembership } from './state/encode-proof.ts'
import { hashInner, hashLeaf, leafPrefix } from './state/iavl-tree.ts'
import { encodeStore } from './state/multistore.ts'
import { recordKey } from './state/store-keys.ts'

// The synthetic bundle of the protocol reference, appendix C.5: epoch 7, N = 100, header 101.
const RECORD = hexToBytes(
  '0ad8010a2c676f6e6b613177353038643671656a7874646734793572337a6172766172793063357877376b326773796736122c647951476c6b517435353251622f67797a376936374f6962317a714e6d51725274496e52545730774f796b3d183c2216687474703a2f2f3132372e302e302e313a31383038312a0b73696d2f6d6f64656c2d6132340a2c676f6e6b613177353038643671656a7874646734793572337a6172766172793063357877376b32677379673610071a0261613a0c0a0a0a026e31183c22020100420f0a0b73696d2f6d6f64656c2d61103c0ae8010a2c676f6e6b613177616a3871396732656b6761726461666336706c673737726775326c33766672673279396a77122c526a4a6b637479456c356344534c78373565794a623872304732324d41366f2f4a436b68676c4f567234413d181e2216687474703a2f2f3132372e302e302e313a31383038322a0b73696d2f6d6f64656c2d612a0b73696d2f6d6f64656c2d6232340a2c676f6e6b613177616a3871396732656b6761726461666336706c673737726775326c33766672673279396a7710071a026262420f0a0b73696d2f6d6f64656c2d61101e420f0a0b73696d2f6d6f64656c2d62101e1007185a206628643007',
)
const RIGHT_LEAF = hexToBytes('fe298cc19bbe9cac3b283a97d63375b8995345d3164960fe8fb040ed1a89c361')
const STORE_ROOT = '002eb363d82b4a0e704fae2a24f75fa72abe5d44333e2093c36ba95fbf2adab9'
const OTHER_STORE = hexToBytes('0e894bc72f69f7b646ea8b89cdb0f139e8698357384adb6f1d7004735f962a83')
const APP_HASH = '811b7222ace065625663636bee309dce4710ae99495190eeb2110ea8704e2c29'
const EMPTY_HASH = sha256(new Uint8Array(0))
const VALIDATORS = [60, 30, 10].map((power, index) => {
  const signer = new Ed25519Signer(sha256(utf8ToBytes(`gonka-sim-val-${index + 1}`)))
  return { signer, ...createValidator(signer.publicKey, power, '') }
})
const SET = orderValidators([...VALIDATORS].reverse())

const HEADER: Header = {
  version: { block: 11, app: 0 },
  chainId: 'gonka-sim-1',
  height: 101,
  timeNs: BigInt(Date.parse('2026-08-06T07:06:40Z')) * 1_000_000n + 5n,
  lastBlockId: {
    hash: hexToBytes('6D1EAD45DB6EB74F30D74AA9FA3614363F50E373B7A4AD9687AD36797BB1ADE9'),
    parts: { total: 1, hash: hexToBytes('3F10D91DA0E6A7C95F14A08A86CD15D3F27B10C5C1D7F29633B827C236F480CE') },
  },
  lastCommitHash: hexToBytes('946953335EAA650C658B74606A9BE3116CEB6CEC681CCD97ECE81B29341523C5'),
  dataHash: EMPTY_HASH,
  validatorsHash: hashValidators(SET),
  nextValidatorsHash: hashValidators(SET),
  consensusHash: hexToBytes('C983C585AC3C40D920834F96200066352FF58E323DA4DADAE1D948FB27E63F82'),
  appHash: hexToBytes(APP_HASH),
  lastResultsHash: EMPTY_HASH,
  evidenceHash: EMPTY_HASH,
  proposerAddress: hexToBytes('2267AE1A3DF5900C5FABC64DBEF0FD41BF855AEC'),
}
const BLOCK_ID = {
  hash: hashHeader(HEADER),
  parts: { total: 1, hash: hexToBytes('719BB2784B0D43050110C66067B8450336DE42912546104731852EDFD63F03DA') },
}

test('the key of epoch 7 and the root of its store', () => {
  expect(bytesToHex(recordKey(7))).toBe('4163746976655061727469636970616e74732f76616c75652f00000000000000072f')
  const leaf = hashLeaf(leafPrefix(100), { key: recordKey(7), value: RECORD })
  expect(bytesToHex(hashInner({ height: 1, size: 2, version: 100 }, leaf, RIGHT_LEAF))).toBe(STORE_ROOT)
})

test('the app hash and the bytes of its proof', () => {
  const item = encodeStore('inference', hexToBytes(STORE_ROOT))
  expect(bytesToHex(sha256(Uint8Array.of(1, ...OTHER_STORE, ...merkleRoot([item]))))).toBe(APP_HASH)
  const proof = encodeMembership({
    key: utf8ToBytes('inference'),
    value: hexToBytes(STORE_ROOT),
    leafPrefix: Uint8Array.of(0),
    path: [{ prefix: Uint8Array.of(1, ...OTHER_STORE), suffix: new Uint8Array(0) }],
  })
  expect(proof).toEqual(
    fromBase64(
      'Cl8KCWluZmVyZW5jZRIgAC6zY9grSg5wT64qJPdfpyq+XUQzPiCTw2upX78q2rkaCQgBGAEgASoBACIlCAESIQEOiUvHL2n3tkbqi4nNsPE56GmDVzhK228dcARzX5Yqgw==',
    ),
  )
})

test('the hashes of the validators and of the header', () => {
  expect(bytesToHex(hashValidators(SET)).toUpperCase()).toBe(
    'F29032D205BA57427ED50725C0E231AB810BF0C811A3B49B3AA63A01CF7C303F',
  )
  expect(bytesToHex(BLOCK_ID.hash).toUpperCase()).toBe(
    '2599F62D6B6E7700C7F9DE69B27E15F8C01B9611D17CBB11F658BFA81C73D4AB',
  )
})

test('the bytes that validators sign, and their signatures', () => {
  const messages = VALIDATORS.map((_, index) => {
    const timeNs = BigInt(Date.parse('2026-08-06T07:06:45Z')) * 1_000_000n + BigInt(index + 1)
    return voteSignBytes({ chainId: 'gonka-sim-1', height: 101, round: 0, blockId: BLOCK_ID, timeNs })
  })
  expect(bytesToHex(messages[0]!)).toBe(
    '6c080211650000000000000022480a202599f62d6b6e7700c7f9de69b27e15f8c01b9611d17cbb11f658bfa81c73d4ab122408011220719bb2784b0d43050110c66067b8450336de42912546104731852edfd63f03da2a080885e5d0d3061001320b676f6e6b612d73696d2d31',
  )
  expect(messages.map((message, index) => VALIDATORS[index]!.signer.sign(message))).toEqual(
    [
      'xr6O8rJgUh62TgOJeWGJlhIdKjEJqgk1/DEekk0dS4ROCV/Lg6tULdIbZSFCGMGOLAG5YSZUPgvtIc84+aVdCw==',
      'ibCe5u6Ev7ebYzwML0Nsek0Ecx477wJnz2o8QbTxJRSPMx8NMOYr/SkITFrtadb2TPY6cfwEvuV/zdAm1E+8DQ==',
      'wZarFd223oOFS41XLvoUdN134AJ+nY0r+HmkwxJjQRrgZf5xJ8loVX55j7AFeEFRM9ISlBScNyJidaMDKWb5AQ==',
    ].map(fromBase64),
  )
})
