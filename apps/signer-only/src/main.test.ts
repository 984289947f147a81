import { execFile } from 'node:child_process'
import { createHash, createPublicKey, verify } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
/** A test key; never fund it. */
const PRIVATE_KEY = '10af8dc1f63fb90cfa39943a5afbf262cd84f24919e7d05653e3b03313e685ce'
const PUBLIC_KEY = '03a5e877fb2b9619640c1fbe7269d59675ffb730f2b9520260c0831570d60f161a'
const REQUESTER = 'gonka1waj8q9g2ekgardafc6plg77rgu2l3vfrg2y9jw'
const NODE = 'gonka1y2a9p56kv044327uycmqdexl7zs82fs5ryv5le'
const COMPLETION = { id: 'x', choices: [{ message: { role: 'assistant', content: 'Grüße' } }] }
/** Nobody listens there, and the system gives it to nobody: a port that was just closed may be somebody else's by now. */
const DEAD_URL = 'http://127.0.0.1:2'

describe('signer-only', () => {
  it('sends one request that a node accepts and prints the answer', async () => {
    const nodeUrl = await startNode()
    const { code, stdout, stderr } = await run(argumentsFor(nodeUrl))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('status    200')
    expect(stdout).toMatch(/\nGrüße\n$/)
    expect(stdout).toContain(REQUESTER)
  })

  it('prints one JSON object', async () => {
    const nodeUrl = await startNode()
    const { code, stdout } = await run([...argumentsFor(`${nodeUrl}/v1/`), '--json', '--prompt', 'Ça va? 🌍'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      url: `${nodeUrl}/v1/chat/completions`,
      requesterAddress: REQUESTER,
      transferAddress: NODE,
      status: 200,
      answer: COMPLETION,
    })
  })

  it('reads node, address and model from the environment', async () => {
    const nodeUrl = await startNode()
    const environment = { GONKA_NODE_URL: nodeUrl, GONKA_TRANSFER_ADDRESS: NODE, GONKA_MODEL: 'sim/model-a' }
    expect((await run([], environment)).code).toBe(0)
  })

  it('fails when the node refuses, and shows what the node says', async () => {
    const nodeUrl = await startNode()
    const { code, stdout } = await run([...argumentsFor(nodeUrl), '--scheme', 'v1'])
    expect(code).toBe(1)
    expect(stdout).toContain('status    401')
    expect(stdout).toContain('Unable to validate request against PubKey:invalid signature')
  })

  it('does not let the answer take over the terminal', async () => {
    const nodeUrl = await startServer((response) => response.writeHead(502).end('\u001b]0;owned\u0007bad gateway'))
    const { code, stdout } = await run(argumentsFor(nodeUrl))
    expect(code).toBe(1)
    expect(stdout).toContain('bad gateway')
    expect(stdout).not.toMatch(/\p{Cc}\]0;/u)
  })

  it.each(['null', '7', '{"choices":7}', '{"choices":[null]}', 'not JSON', ''])(
    'prints the answer %j as it is',
    async (answer) => {
      const nodeUrl = await startServer((response) => response.end(answer))
      const { code, stdout } = await run(argumentsFor(nodeUrl))
      expect(code).toBe(0)
      expect(stdout.replace(/\s/g, '')).toContain(`status200${answer}`.replace(/\s/g, ''))
    },
  )

  it('says that nobody answers', async () => {
    const { code, stdout } = await run([...argumentsFor(DEAD_URL), '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toEqual({ error: { code: 'ECONNREFUSED', message: 'fetch failed (ECONNREFUSED)' } })
  })

  it('gives up when the time is over', async () => {
    const nodeUrl = await startServer(() => {})
    const { code, stdout } = await run([...argumentsFor(nodeUrl), '--json', '--timeout-ms', '50'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'TimeoutError' } })
  })

  it('explains itself', async () => {
    const { code, stdout } = await run(['--help'])
    expect(code).toBe(0)
    for (const word of ['GONKA_PRIVATE_KEY', '--node', '--transfer-address', '--model', '--json', 'Exit code']) {
      expect(stdout).toContain(word)
    }
  })

  it.each<[string, string[], Record<string, string>, number, RegExp]>([
    ['no arguments', [], {}, 2, /--node or GONKA_NODE_URL is missing/],
    ['no key', argumentsFor('http://x'), { GONKA_PRIVATE_KEY: '' }, 2, /GONKA_PRIVATE_KEY is missing/],
    ['an unknown argument', ['--hunter2'], {}, 2, /not understood; the options are --node, .*--help\./],
    ['a stray argument', ['hunter2'], {}, 2, /not understood/],
    ['a bad URL', argumentsFor('http://u:hunter2@x'), {}, 2, /--node must be an http or https URL/],
    ['a bad scheme', [...argumentsFor('http://x'), '--scheme', 'v3'], {}, 2, /--scheme must be v1 or v2/],
    ['a bad timeout', [...argumentsFor('http://x'), '--timeout-ms', '-1'], {}, 2, /not understood|--timeout-ms/],
    ['a bad key', argumentsFor('http://x'), { GONKA_PRIVATE_KEY: 'hunter2' }, 1, /privateKey must be 64 hex digits/],
    ['a bad address', [...argumentsFor('http://x'), '--transfer-address', 'gonka1x'], {}, 1, /transferAddress must be/],
  ])('refuses %s and repeats nothing secret', async (...row) => {
    const [, args, environment, code, message] = row
    const outcome = await run(args, environment)
    expect(outcome.code).toBe(code)
    expect(outcome.stderr).toMatch(message)
    expect(outcome.stdout + outcome.stderr).not.toMatch(/hunter2|10af8dc1/)
  })
})

function argumentsFor(nodeUrl: string): string[] {
  return ['--node', nodeUrl, '--transfer-address', NODE, '--model', 'sim/model-a']
}

function run(args: string[], environment = {}): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { GONKA_PRIVATE_KEY: PRIVATE_KEY, ...environment }
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...args], { env }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr })
    })
  })
}

/** A node in a nutshell: checks a v2 signature with OpenSSL, against its own address. */
function startNode(): Promise<string> {
  return startServer((response, { path, headers, body }) => {
    const signed = createHash('sha256').update(body).digest('hex') + headers['x-timestamp'] + NODE
    const accepted = path === '/v1/chat/completions' && isSignature(String(headers.authorization), signed)
    const error = 'Unable to validate request against PubKey:invalid signature'
    response.writeHead(accepted ? 200 : 401, { 'content-type': 'application/json' })
    response.end(JSON.stringify(accepted ? COMPLETION : { error }))
  })
}

function isSignature(authorization: string, signed: string): boolean {
  const spki = Buffer.from(`3036301006072a8648ce3d020106052b8104000a032200${PUBLIC_KEY}`, 'hex')
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' })
  const signature = Buffer.from(authorization, 'base64')
  return verify('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }, signature)
}

interface Received {
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

async function startServer(answer: (response: ServerResponse, received: Received) => void): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    answer(response, { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
