import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkPlatform, checkSdk } from './check-platform.ts'

const PACKAGE = fileURLToPath(new URL('..', import.meta.url))

describe('the platform', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '26.10.0', '100.0.0'])('may be Node %s', (node) => {
    expect(() => checkPlatform('x', { process: { versions: { node } } })).not.toThrow()
  })

  it.each(['20.18.3', '18.20.8', '9.0.0', '20.2.0'])('may not be Node %s', (node) => {
    expect(() => checkPlatform('@multiplexer/core', { process: { versions: { node } } })).toThrow(
      `@multiplexer/core needs Node 20.19 or later; this is ${node}. Upgrade Node.`,
    )
  })

  it.each([{}, { process: {} }, { process: { versions: {} } }])('may be none that calls itself Node: %j', (globals) => {
    expect(() => checkPlatform('x', globals)).not.toThrow()
  })
})

describe('the SDK', () => {
  it.each(['6.0.0', '6.49.0', '7.57.0'])('may be openai %s', (version) => {
    expect(() => checkSdk(version)).not.toThrow()
  })

  it.each(['5.23.2', '4.104.0', '8.0.0', '10.1.0', 'x'])('may not be openai %s', (version) => {
    expect(() => checkSdk(version)).toThrow(`Multiplexer needs the package openai >=6 <8; installed is ${version}.`)
  })
})

describe('the package as it is installed', () => {
  let folder = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'core-peers-'))
    await cp(join(PACKAGE, 'dist'), join(folder, 'dist'), { recursive: true })
    await cp(join(PACKAGE, 'package.json'), join(folder, 'package.json'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** What a program prints that builds one of the package's classes and shows the error. */
  async function errorOf(program: string): Promise<string> {
    const script = `try { ${program} } catch (error) { process.stdout.write(error.code + ' ' + error.message) }`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: folder,
    })
    return stdout
  }

  it('names the cure when there is no SDK, and its router needs none', async () => {
    const missing = await errorOf(`await import('@multiplexer/core')`)
    expect(missing).toMatch(/^ERR_MODULE_NOT_FOUND .*Cannot find package 'openai'.*install-peer-openai\.js/)
    expect(await errorOf(`new (await import('@multiplexer/core/router')).Router()`)).toBe('')
  })

  it('names the cure when the SDK is too old', async () => {
    await mkdir(join(folder, 'node_modules'))
    await symlink(join(PACKAGE, 'node_modules/openai5'), join(folder, 'node_modules/openai'))
    const error = await errorOf(`new (await import('@multiplexer/core')).Multiplexer()`)
    expect(error).toMatch(/^sdk-unsupported .*installed is 5\.23\.2\. Run "npm i openai@6"/)
  })

  it('names the cure when Node is too old', async () => {
    const old = `Object.defineProperty(process.versions, 'node', { value: '18.20.8' })`
    const error = await errorOf(`${old}; new (await import('@multiplexer/core/router')).Router()`)
    expect(error).toBe(
      'platform-unsupported @multiplexer/core needs Node 20.19 or later; this is 18.20.8. Upgrade Node.',
    )
  })
})
