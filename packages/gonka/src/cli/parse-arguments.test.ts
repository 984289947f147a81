import { expect, test } from 'vitest'
import { tracesOf } from '../fixtures/key-traces.ts'
import { parseArguments, UsageError } from './parse-arguments.ts'
import { readKeyFile } from './read-key-file.ts'

const KEY = '8f3a1c5e7b9d2f4a6c8e0b1d3f5a7c9e2b4d6f8a1c3e5b7d9f2a4c6e8b0d1f3a'

function refusalOf(argv: readonly string[]): Error {
  try {
    parseArguments(argv)
  } catch (error) {
    if (error instanceof UsageError) return error
    throw error
  }
  throw new Error('expected a refusal')
}

test('every flag becomes its option', () => {
  const argv =
    'doctor --json --send --model m --key-file k --source-url http://a --source-url http://b --endpoint u;a --address x --trust 5:ab --chain-id c --verify-proof --allow-private-hosts --scheme v1 --timeout 250'
  expect(parseArguments(argv.split(' '))).toEqual({
    command: 'doctor',
    json: true,
    keyFile: 'k',
    options: {
      sourceUrls: ['http://a', 'http://b'],
      endpoints: ['u;a'],
      address: 'x',
      trust: '5:ab',
      chainId: 'c',
      verifyProofs: true,
      allowPrivateHosts: true,
      scheme: 'v1',
      model: 'm',
      send: true,
      timeoutMs: 250,
    },
  })
  expect(parseArguments(['doctor', '--no-verify-proof']).options.verifyProofs).toBe(false)
})

test('what no flag gives is left to the environment', () => {
  const { options } = parseArguments(['doctor'])
  expect(Object.values(options).filter((value) => value !== undefined)).toEqual([false])
})

test.each([
  [['doctor', '--private-key', KEY]],
  [['doctor', `--private-key=${KEY}`]],
  [['doctor', `--key=${KEY}`]],
  [['doctor', `--privatekey=${KEY}`]],
  [['doctor', `--broker=https://b.example;${KEY}`]],
])('a key on the command line is refused: %#', (argv) => {
  const { message } = refusalOf(argv)
  expect(message).toContain('shell history')
  expect(message).toContain('--key-file')
})

test.each([
  [[], 'a command is required'],
  [['dr'], 'not known'],
  [['doctor', 'stray'], 'takes flags only'],
  [['doctor', '--nonsense'], '--nonsense is not known'],
  [['doctor', '-x'], 'is not known'],
  [['doctor', '--timeout', 'soon'], '--timeout must be'],
  [['doctor', '--timeout', '0'], '--timeout must be'],
  [['doctor', '--timeout'], '--timeout needs a value'],
  [['doctor', '--key-file', '--json'], '--key-file needs a value'],
  [['doctor', '--address='], '--address needs a value'],
  [['doctor', '--json=yes'], '--json takes no value'],
])('%j is refused', (argv, message) => {
  expect(refusalOf(argv).message).toContain(message)
})

test.each([
  [[KEY]],
  [['doctor', KEY]],
  [['doctor', `--${KEY}`]],
  [['doctor', `-${KEY}`]],
  [['doctor', `--private-key=${KEY}`]],
  [['doctor', `--timeout=${KEY}`]],
  [['doctor', `--json=${KEY}`]],
  [['doctor', '--', KEY]],
])('a refusal repeats no key: %#', (argv) => {
  const { message, stack } = refusalOf(argv)
  expect(tracesOf(KEY).filter((trace) => `${message}${stack}`.includes(trace))).toEqual([])
})

test('a flag that is not known is named as it was typed', () => {
  expect(refusalOf(['-v']).message).toBe('-v is not known.')
  expect(refusalOf(['doctor', '--jsn']).message).toBe('--jsn is not known.')
})

test('a key file that is not there, or is something else, is refused', async () => {
  await expect(readKeyFile('no-such-file')).rejects.toThrow('(ENOENT)')
  await expect(readKeyFile('.')).rejects.toThrow(UsageError)
  await expect(readKeyFile(import.meta.filename)).rejects.toThrow('64 hex digits')
})
