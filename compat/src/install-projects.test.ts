import { expect, test } from 'vitest'
import { createManifest, projectName } from './install-projects.ts'

const TARBALLS = new Map([
  ['@gonka/signer', '/t/signer.tgz'],
  ['@gonka/protocol', '/t/protocol.tgz'],
])

test('a project depends on one package and its peers, and finds our other packages as tarballs', () => {
  expect(createManifest({ entry: '@gonka/signer/openai', peers: ['openai'] }, TARBALLS)).toEqual({
    private: true,
    dependencies: { '@gonka/signer': 'file:/t/signer.tgz', openai: expect.stringMatching(/^\d+\.\d+\.\d+$/) },
    overrides: { '@gonka/signer': 'file:/t/signer.tgz', '@gonka/protocol': 'file:/t/protocol.tgz' },
  })
  expect(() => createManifest({ entry: '@gonka/refresh' }, TARBALLS)).toThrow('no tarball of @gonka/refresh')
})

test('entries of a package share a project when they need the same peers, and only then', () => {
  expect(projectName({ entry: '@multiplexer/core/router' })).toBe('multiplexer-core')
  expect(projectName({ entry: '@multiplexer/core/errors' })).toBe('multiplexer-core')
  expect(projectName({ entry: '@multiplexer/core', peers: ['openai'] })).toBe('multiplexer-core--openai')
})
