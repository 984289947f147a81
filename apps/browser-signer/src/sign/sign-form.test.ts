import { startDevnet } from '@gonka/devnet'
import { createSigner, createSystemClock } from '@gonka/signer'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { sendCurl } from '../fixtures/read-curl.ts'
import { findFormErrors, type SignForm, signForm } from './sign-form.ts'

const FORM: SignForm = {
  transferAddress: 'gonka1y2a9p56kv044327uycmqdexl7zs82fs5ryv5le',
  nodeUrl: 'http://node1.example:8000',
  scheme: 'v2',
  body: '{"model":"sim/model-a","messages":[{"role":"user","content":"it\'s ☀️"}]}',
}

describe('signForm', () => {
  test.each(['v1', 'v2'] as const)('a node takes the curl line of scheme %s once', async (scheme) => {
    const devnet = await startDevnet({ participants: 1, mode: `classic-${scheme}` })
    onTestFinished(() => devnet.stop())
    const { url, address } = devnet.node(0)
    const form = { ...FORM, scheme, transferAddress: ` ${address} `, nodeUrl: `${url}/v1/` }
    const signer = createSigner(devnet.account.privateKey)
    const { curl, headers, body } = await signForm(form, { signer, clock: createSystemClock() })
    expect(Object.keys(headers)).toEqual(['Authorization', 'X-Requester-Address', 'X-Timestamp'])
    expect(body).toBe(FORM.body)
    const first = await sendCurl(curl)
    expect([first.status, await first.json()]).toMatchObject([200, { choices: [{ finish_reason: 'stop' }] }])
    expect((await sendCurl(curl)).status).toBe(400)
  })
})

describe('findFormErrors', () => {
  test('finds nothing wrong with a form that can be signed', () => {
    expect([...findFormErrors(FORM)]).toEqual([])
  })

  test('names every field that is wrong, and the cure', () => {
    const errors = findFormErrors({ ...FORM, transferAddress: 'gonka1x', nodeUrl: 'node1', body: '' })
    expect(Object.fromEntries(errors)).toEqual({
      transferAddress: expect.stringMatching(/^transferAddress must be a gonka1… account address: /),
      nodeUrl: 'nodeUrl must be an http or https URL: it does not parse.',
      body: 'body must be a JSON object such as {"model":"…","messages":[…]}: it is empty.',
    })
  })

  test.each([
    ['[]', 'it is another JSON value'],
    ['null', 'it is another JSON value'],
    ['"x"', 'it is another JSON value'],
    ['{"model":"m",}', 'it does not parse'],
    [' \n', 'it is empty'],
  ])('refuses the body %j', (body, problem) => {
    expect(findFormErrors({ ...FORM, body }).get('body')).toContain(problem)
  })

  test('never shows credentials of a URL', () => {
    const errors = findFormErrors({ ...FORM, nodeUrl: 'http://user:hunter2@node1.example' })
    expect(errors.get('nodeUrl')).toContain('it carries credentials')
    expect([...errors.values()].join()).not.toContain('hunter2')
  })

  test('takes anything that can be typed', () => {
    const text = fc.string({ unit: 'binary' })
    fc.assert(
      fc.property(text, text, text, (transferAddress, nodeUrl, body) => {
        for (const name of findFormErrors({ ...FORM, transferAddress, nodeUrl, body }).keys()) {
          expect(['transferAddress', 'nodeUrl', 'body']).toContain(name)
        }
      }),
    )
  })
})
