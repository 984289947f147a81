import { createVerdict, Router } from '@multiplexer/core/router'
import { CORE_CASES, complete } from './core-cases.mjs'
import { formatTable } from './format-table.mjs'

const START_MS = Date.UTC(2026, 0, 1)

/** Writes core's decision table by living through each row: with a second member, and alone. */
export async function renderCoreTable() {
  const rows = []
  for (const row of CORE_CASES) {
    const { kind, pause, secondAnswered } = await observeBeside(row, { models: ['m'] })
    const other = secondAnswered ? undefined : await observeBeside(row, { aliases: { m: 'another' } })
    const second = secondAnswered
      ? 'answers'
      : other?.secondAnswered
        ? 'answers if its model is another'
        : 'is not asked'
    const { scope } = createVerdict(kind)
    rows.push([row.name, `\`${kind}\``, scope === 'none' ? '–' : scope, pause, second, await observeAlone(row)])
  }
  return formatTable(
    [
      'an attempt ends with',
      'verdict',
      'held against',
      'which rests',
      'a second member',
      'without one, the caller gets',
    ],
    rows,
  )
}

/** Three calls in a row, as long as somebody answers: failures that are counted open the breaker with the third. */
async function observeBeside(row, servedBySecond) {
  const { router, call, pauses } = createRouter(row)
  router.addFallbackModel(async () => complete(row), { modelName: 'second', ...servedBySecond })
  const kinds = []
  router.on('attempt', ({ verdict }) => kinds.push(verdict.kind))
  for (let nth = 1; nth <= 3; nth++) await call(nth)
  const { first, second } = router.getStats().members
  const pause = pauses[0] ?? (await findHiddenPause(row))
  return {
    kind: kinds[0],
    pause: pause ?? 'not at all',
    secondAnswered: (second.verdicts.ok ?? 0) > 0 && first.attempts > 0,
  }
}

/** What no event tells, such as a model that is forgotten on a member: it shows when the member is asked again. */
async function findHiddenPause(row) {
  const minute = 60_000
  const clock = { nowMs: START_MS }
  const { router, call } = createRouter(row, clock)
  router.addFallbackModel(async () => complete(row), { modelName: 'second', models: ['m'] })
  await call(1)
  const asked = router.getStats().members.first.attempts
  await call(2)
  if (router.getStats().members.first.attempts > asked) return undefined
  for (let minutes = 1; minutes <= 60; minutes++) {
    clock.nowMs = START_MS + minutes * minute
    await call(2)
    if (router.getStats().members.first.attempts > asked) return formatMs(minutes * minute)
  }
  return 'for good'
}

async function observeAlone(row) {
  const { call } = createRouter(row)
  return call(1)
}

function createRouter(row, clock = { nowMs: START_MS }) {
  const router = new Router({
    now: () => clock.nowMs,
    random: () => 0,
    retry: { sameMember: 0 },
    deadlineMs: 10_000,
    timeouts: row.timeouts,
  })
  const pauses = []
  const { modelName, ...member } = { modelName: 'first', models: ['m'], ...row.member }
  router.addModel(row.transport, { modelName, ...member })
  const count = { calls: 0 }
  router.on('cooldown', ({ untilMs }) => {
    const after = count.calls > 1 ? `, after ${count.calls} in a row` : ''
    pauses.push(`${formatMs(untilMs - clock.nowMs)}${after}`)
  })
  const call = (nth) => {
    count.calls = nth
    return describeCall(router, row)
  }
  return { router, call, pauses }
}

async function describeCall(router, { stream = false, abort = false }) {
  const controller = new AbortController()
  const body = JSON.stringify({ model: 'm', stream, messages: [{ role: 'user', content: 'Hello' }] })
  try {
    const pending = router.fetch('/v1/chat/completions', { method: 'POST', body, signal: controller.signal })
    if (abort) setTimeout(() => controller.abort(), 1)
    const response = await pending
    const text = await response.text()
    return text.includes('Hello.') ? 'the answer' : describeRefusal(response)
  } catch (error) {
    return abort ? "the signal's reason" : `\`${error.name}\`, \`${error.code}\``
  }
}

/** The router's own errors say so in a header; anything else is the member's own answer. */
function describeRefusal({ status, headers }) {
  const code = headers.get('x-multiplexer-error')
  return code ? `${status} \`${code}\`` : `the member's own ${status}`
}

function formatMs(ms) {
  if (!Number.isFinite(ms)) return 'for good'
  if (ms >= 3_600_000) return `${ms / 3_600_000} h`
  return ms >= 60_000 ? `${Math.round(ms / 60_000)} min` : `${ms / 1_000} s`
}
