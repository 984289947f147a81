import { expect, test } from 'vitest'
import { send, sendSigned, startTestDevnet } from './fixtures/signed-request.ts'

test('a retired network answers 410 to every classic request, signed or not', async () => {
  const devnet = await startTestDevnet({ mode: 'retired' })
  const chat = `${devnet.url}/v1/chat/completions`
  const answers = await Promise.all([
    sendSigned(devnet, devnet.node(0)),
    send(chat, { method: 'POST', body: 'x' }),
    send(chat),
    send(`${devnet.url}/v1/completions`, { method: 'POST' }),
  ])
  for (const answer of answers) {
    expect(answer.status).toBe(410)
    expect(JSON.parse(answer.text)).toEqual({
      error: 'deprecated',
      message: 'classic inference is deprecated; use devshard',
    })
    expect(answer.headers.get('deprecation')).toBe('true')
    expect(answer.headers.get('link')).toBe('</devshard/{version}>; rel="successor-version"')
  }
})

test('so does its first devshard path, while discovery goes on', async () => {
  const devnet = await startTestDevnet({ mode: 'retired' })
  const old = await send(`${devnet.url}/v1/devshard/sessions/1`, { method: 'POST' })
  expect(old.status).toBe(410)
  expect(JSON.parse(old.text).message).toBe('/v1/devshard is deprecated; use /devshard/{version}')
  expect((await send(`${devnet.url}/v1/epochs/current/participants`)).status).toBe(200)
})
