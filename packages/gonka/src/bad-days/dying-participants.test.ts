import { AllModelsFailedError, attemptsOf, DeadlineExceededError, type Multiplexer } from '@multiplexer/core'
import { expect, test } from 'vitest'
import { ask, askTimes, chatStatuses, MODEL, nameOf, passTimeOnce, startBadDay } from '../fixtures/bad-day.ts'

const MINUTE_MS = 60_000

test('half the participants die: every call is answered, the dead are left alone, and serve again when they are back', async () => {
  const { devnet, mux, advance } = await startBadDay({ devnet: { participants: [{ listed: false }, ...sixEqual()] } })
  const [dead, alive] = [devnet.nodes.slice(1, 4), devnet.nodes.slice(4)]
  await Promise.all(dead.map((node) => node.kill()))

  await Promise.all(Array.from({ length: 40 }, () => ask(mux)))
  const answered = alive.flatMap(chatStatuses)
  expect([answered.length, new Set(answered)]).toEqual([40, new Set([200])])
  const attempts = () => dead.map((node) => mux.getStats().members[nameOf(node)]?.attempts)
  // Those under way when the breakers opened count, too; from then on there is nothing.
  await askTimes(mux, 15)
  const wasted = attempts()
  await askTimes(mux, 15)
  expect(attempts()).toEqual(wasted)

  await Promise.all(dead.map((node) => node.restart()))
  advance(10 * MINUTE_MS)
  await askTimes(mux, 40)
  for (const node of dead) expect(chatStatuses(node)).toContain(200)
  expect(mux.getStats().outcomes).toEqual({ ok: 110 })
})

test('all participants and the source die: a clear error says when to come back, and they do without a restart', async () => {
  const { devnet, mux, advance, refresh } = await startBadDay()
  await askTimes(mux, 10)
  const before = mux.getStats().members
  await Promise.all(devnet.nodes.map((node) => node.kill()))
  for (let call = 0; call < 3; call++) {
    const error = await ask(mux).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(AllModelsFailedError)
    expect(
      attemptsOf(error)
        .map(({ member }) => member)
        .sort(),
    ).toEqual(Object.keys(before).sort())
  }
  const error = await ask(mux).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ statusCode: 503, retryAfterMs: expect.any(Number), attempts: [] })
  expect(await refresh()).toMatchObject({
    success: false,
    error: { name: 'GonkaRefreshError', lastSuccessfulEpoch: 7 },
  })
  expect(Object.keys(mux.getStats().members)).toEqual(Object.keys(before))

  await Promise.all(devnet.nodes.map((node) => node.restart()))
  advance(10 * MINUTE_MS)
  await askTimes(mux, 10)
  expect(await refresh()).toMatchObject({ success: true, participantsAdded: 0, participantsRemoved: 0 })
  const after = mux.getStats().members
  for (const [name, { attempts }] of Object.entries(before)) expect(after[name]?.attempts).toBeGreaterThan(attempts)
})

test('a participant accepts and never answers: others answer when its time is up, and soon it is asked no more', async () => {
  const { devnet, mux } = await startBadDay({
    devnet: { participants: [{ listed: false }, { weight: 1_000_000 }, { weight: 1 }] },
    mux: { timeouts: { answerMs: 20_000, headersMs: 10_000 } },
  })
  const [silent, healthy] = [devnet.node(1), devnet.node(2)]
  silent.fault({ hang: true })
  for (let call = 0; call < 2; call++) await Promise.all([ask(mux), passTimeOnce(silent, 20_000)])
  await Promise.all([askForStream(mux), passTimeOnce(silent, 10_000)])
  expect(mux.getStats().members[nameOf(silent)]).toMatchObject({ breaker: 'open' })
  await askTimes(mux, 10)
  expect(chatStatuses(silent)).toEqual([undefined, undefined, undefined])
  expect(chatStatuses(healthy)).toEqual(Array<number>(13).fill(200))
})

test('nobody ever answers: the call ends with its deadline, and no slot stays taken', async () => {
  const { devnet, mux } = await startBadDay({
    devnet: { participants: [{ listed: false }, {}] },
    mux: { deadlineMs: 60_000 },
  })
  const silent = devnet.node(1)
  silent.fault({ hang: true })
  const refusal = expect(ask(mux)).rejects.toBeInstanceOf(DeadlineExceededError)
  await Promise.all([refusal, passTimeOnce(silent, 60_000)])
  expect(chatStatuses(silent)).toEqual([undefined])
  expect(mux.getStats().members[nameOf(silent)]).toMatchObject({ inFlight: 0 })
})

async function askForStream(mux: Multiplexer): Promise<void> {
  const messages = [{ role: 'user' as const, content: 'Hello' }]
  const stream = await mux.chat.completions.create({ model: MODEL, stream: true, messages })
  let text = ''
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
  expect(text).not.toBe('')
}

function sixEqual(): { weight: number }[] {
  return Array.from({ length: 6 }, () => ({ weight: 10 }))
}
