import { startDevnet } from '@gonka/devnet'
import { Multiplexer } from '@multiplexer/core'
import { Router } from '@multiplexer/core/router'
import { expect, onTestFinished, test } from 'vitest'
import { registerGonkaModels } from './register-gonka-models.ts'

const MODEL = 'sim/model-a'
const CALLS = 1_000
const TURNS_AT = [100, 250, 400, 550, 700]

/** Resolves when so many calls have ended. */
function callsEnded(mux: Multiplexer): (count: number) => Promise<void> {
  const waiting: { count: number; resolve: () => void }[] = []
  let ended = 0
  mux.on('completed', () => {
    ended += 1
    for (const each of waiting) if (ended >= each.count) each.resolve()
  })
  return (count) => new Promise((resolve) => waiting.push({ count, resolve }))
}

async function call(mux: Multiplexer, index: number): Promise<string> {
  const request = { model: MODEL, messages: [{ role: 'user' as const, content: `Question ${index}` }] }
  if (index % 4 !== 0) {
    const answer = await mux.chat.completions.create(request)
    return answer.choices[0]?.message.content ?? ''
  }
  const stream = await mux.chat.completions.create({ ...request, stream: true })
  let text = ''
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
  return text
}

test('1,000 concurrent calls are answered while the epoch turns five times, and who stayed still serves', async () => {
  const devnet = await startDevnet({ participants: 5, seed: 'turning', blockTimeMs: 0 })
  onTestFinished(() => devnet.stop())
  const mux = new Multiplexer()
  const { privateKey } = devnet.account
  const { refreshManager } = await registerGonkaModels(mux, {
    sourceUrl: devnet.url,
    privateKey,
    allowPrivateHosts: true,
    env: {},
  })
  onTestFinished(() => refreshManager?.stop())
  const staying = devnet.nodes.slice(0, 4)
  const ended = callsEnded(mux)

  const answering = Promise.all(Array.from({ length: CALLS }, (_, index) => call(mux, index)))
  for (const [turn, count] of TURNS_AT.entries()) {
    await Promise.race([ended(count), answering])
    await devnet.nextEpoch({ join: 1, leave: [4 + turn], reweight: { [turn % 4]: 10 + 20 * turn } })
    const result = await refreshManager?.refreshNow()
    expect(result).toMatchObject({ success: true, newEpoch: 8 + turn, participantsAdded: 1, participantsRemoved: 1 })
  }
  const answers = await answering
  expect(answers.filter((text) => text !== '')).toHaveLength(CALLS)

  const { members, outcomes } = mux.getStats()
  expect(outcomes).toEqual({ ok: CALLS })
  expect(Object.keys(members).sort()).toEqual(
    [...staying, devnet.node(9)].map(({ address }) => `gonka:${address}`).sort(),
  )
  for (const node of staying) {
    const [name, before] = [`gonka:${node.address}`, node.served]
    expect(members[name]).toMatchObject({ breaker: 'closed', suspended: undefined })
    expect(members[name]?.attempts).toBeGreaterThan(0)
    await mux.chat.completions.create({ model: name, messages: [{ role: 'user', content: 'Still there?' }] })
    expect(node.served).toBe(before + 1)
  }
}, 60_000)

/** A small generator with a fixed start, so that the sample is the same in every run. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Chi-square with four degrees of freedom exceeds this with probability 0.001. */
const CRITICAL_VALUE = 18.467

test('the request share of five participants over 20,000 selections fits their weights', async () => {
  const devnet = await startDevnet({ participants: 5, seed: 'shares', blockTimeMs: 0 })
  onTestFinished(() => devnet.stop())
  const router = new Router({ random: seededRandom(20_261_121) })
  const answer = JSON.stringify({ choices: [{ index: 0, message: { content: 'yes' }, finish_reason: 'stop' }] })
  const signature = new Uint8Array(64).fill(1)
  const { participants } = await registerGonkaModels(router, {
    sourceUrl: devnet.url,
    signer: { address: devnet.account.address, sign: async () => signature },
    refreshEnabled: false,
    allowPrivateHosts: true,
    env: {},
    fetch: async (input, init) =>
      init?.method === 'POST'
        ? new Response(answer, { headers: { 'content-type': 'application/json' } })
        : fetch(input, init),
  })
  const body = JSON.stringify({ model: MODEL, messages: [] })
  const selections = 20_000
  for (let index = 0; index < selections; index += 1) {
    const response = await router.fetch('/v1/chat/completions', { method: 'POST', body })
    expect(response.status).toBe(200)
    await response.arrayBuffer()
  }
  const { members } = router.getStats()
  const total = participants.reduce((sum, { weight }) => sum + weight, 0)
  const chiSquare = participants.reduce((sum, { address, weight }) => {
    const expected = (selections * weight) / total
    return sum + ((members[`gonka:${address}`]?.attempts ?? 0) - expected) ** 2 / expected
  }, 0)
  expect(new Set(participants.map(({ weight }) => weight)).size).toBeGreaterThan(1)
  expect(chiSquare).toBeLessThan(CRITICAL_VALUE)
}, 60_000)

const KNOWN_BY = ['a source', 'endpoints alone'] as const
const LAGS = [
  { side: 'behind', minutes: 45 },
  { side: 'ahead', minutes: -45 },
]

test.each(LAGS.flatMap((lag) => KNOWN_BY.map((knownBy) => ({ ...lag, knownBy }))))(
  'calls go through while block time is 45 minutes $side and the network is known by $knownBy: one signature is refused',
  async ({ minutes, knownBy }) => {
    const devnet = await startDevnet({ participants: 3, seed: 'lagging', blockTimeMs: 0 })
    onTestFinished(() => devnet.stop())
    devnet.chain.setLagMs(minutes * 60_000)
    const mux = new Multiplexer()
    const endpoints = devnet.nodes.map(({ url, address }) => `${url};${address}`)
    await registerGonkaModels(mux, {
      ...(knownBy === 'a source' ? { sourceUrl: devnet.url } : { endpoints }),
      privateKey: devnet.account.privateKey,
      allowPrivateHosts: true,
      refreshEnabled: false,
      env: {},
    })
    for (let index = 0; index < 20; index++) expect(await call(mux, index)).not.toBe('')
    const chats = devnet.nodes.flatMap(({ requests }) =>
      requests.filter(({ path }) => path.endsWith('/chat/completions')),
    )
    expect(chats.filter(({ status }) => status === 400)).toHaveLength(1)
    expect(mux.getStats()).toMatchObject({ failovers: 0, outcomes: { ok: 20 } })
  },
)
