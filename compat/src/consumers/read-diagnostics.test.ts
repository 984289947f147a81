import { expect, test } from 'vitest'
import { parseDiagnostics, selectDiagnostics } from './read-diagnostics.ts'

const OUTPUT = `signer/signer.cts(1,35): error TS1479: The current file is a CommonJS module.
  A second line of the same error.
signer/node_modules/@multiplexer/core/dist/types.d.ts(13,20): error TS2315: Type 'Uint8Array' is not generic.
core/bundler/core-otel.ts(2,1): error TS2307: Cannot find module.
error TS5103: Invalid value for '--ignoreDeprecations'.
`

test('reads place and message of each error', () => {
  expect(parseDiagnostics(OUTPUT).map(({ place, message }) => [place, message.slice(0, 12)])).toEqual([
    ['signer/signer.cts(1,35)', 'error TS1479'],
    ['signer/node_modules/@multiplexer/core/dist/types.d.ts(13,20)', 'error TS2315'],
    ['core/bundler/core-otel.ts(2,1)', 'error TS2307'],
    ['', 'error TS5103'],
  ])
  expect(parseDiagnostics('')).toEqual([])
})

test('a program answers for its file, for the packages of its project and for the configuration', () => {
  const codesOf = (project: string, file: string, installed: string) => {
    const has = (path: string) => path.startsWith(`node_modules/${installed}/`)
    return selectDiagnostics(parseDiagnostics(OUTPUT), { project, file, has }).map(({ message }) =>
      message.slice(6, 12),
    )
  }
  expect(codesOf('signer', 'signer', '@multiplexer/core')).toEqual(['TS1479', 'TS2315', 'TS5103'])
  expect(codesOf('core', 'core-otel', '@multiplexer/core')).toEqual(['TS2315', 'TS2307', 'TS5103'])
  expect(codesOf('core', 'core', 'valibot')).toEqual(['TS5103'])
})
