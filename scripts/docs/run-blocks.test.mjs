import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { runBlocks } from './run-blocks.mjs'

/** Runs each text as a block of `page.md`, at the line that is its number. */
async function problemsOf(codes, options) {
  const dir = mkdtempSync(join(tmpdir(), 'run-blocks-'))
  try {
    const blocks = codes.map((code, index) => {
      const path = join(dir, `${index}.mjs`)
      writeFileSync(path, code)
      return { name: 'page.md', line: index + 1, info: ['runnable'], path }
    })
    return await runBlocks(blocks, options)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

const ASK = `
const ask = (url, stream) => fetch(url + '/v1/chat/completions', { method: 'POST', body: JSON.stringify({ model: 'm', stream }) })
`

test('hosts that a block names answer, streamed and not, and one that is down refuses', async () => {
  const code = `${ASK}
    const { model, choices } = await (await ask('https://api.one.example')).json()
    const streamed = await (await ask('https://api.two.example', true)).text()
    const models = await (await fetch(new Request('https://api.one.example/v1/models'))).json()
    const down = await ask('https://down.example')
    const problems = [
      model !== 'm', choices[0].message.content.length < 10, !streamed.endsWith('data: [DONE]\\n\\n'),
      models.data.length !== 1, down.status !== 503,
    ]
    if (problems.includes(true)) throw new Error(problems.join())
  `
  assert.deepEqual(await problemsOf([code]), [])
})

test('a block that throws, rejects or exits with a code is a problem at its place, with what it wrote', async () => {
  const [first, second, third, ...more] = await problemsOf([
    "throw new Error('boom')",
    "Promise.reject(new Error('later'))",
    "console.log('said'); process.exitCode = 3",
    'console.log(1)',
  ])
  assert.match(first, /^page\.md:1: ended with code 1\n[\s\S]*boom/)
  assert.match(second, /^page\.md:2: ended with code 1\n[\s\S]*later/)
  assert.equal(third, 'page.md:3: ended with code 3\nsaid')
  assert.deepEqual(more, [])
})

test('a block that does not end is ended', async () => {
  assert.deepEqual(await problemsOf(['setInterval(() => {}, 1000)'], { timeoutMs: 1_000 }), [
    'page.md:1: did not end within 1000 ms',
  ])
})

test('keys of the environment do not reach a block', async () => {
  const env = { GONKA_PRIVATE_KEY: 'canary', PATH: '/usr/bin' }
  const code = "if (process.env.GONKA_PRIVATE_KEY || !process.env.PATH) throw new Error('seen')"
  assert.deepEqual(await problemsOf([code], { env }), [])
})
