import { expect, test } from 'vitest'
import { ask, askTimes, chatStatuses, nameOf, startBadDay } from '../fixtures/bad-day.ts'
import { answering, startServer } from '../fixtures/scripted-server.ts'

test.each([301, 302, 303, 307, 308])(
  'a participant that redirects with %i keeps the signed request, and another one answers',
  async (status) => {
    const elsewhere = await startServer(answering(200, { stolen: true }))
    const { devnet, mux } = await startBadDay({
      devnet: { participants: [{ listed: false }, { weight: 1_000_000 }, { weight: 1 }] },
    })
    const [redirecting, honest] = [devnet.node(1), devnet.node(2)]
    redirecting.fault({ status, headers: { location: `${elsewhere.url}/v1/chat/completions` } })
    const error = await ask(mux, nameOf(redirecting)).catch((reason: unknown) => reason)
    const cause = { code: 'request-redirected', message: expect.stringContaining('redirects are not followed') }
    expect(error).toMatchObject({ code: 'all-models-failed', cause })
    await askTimes(mux, 2)
    expect(chatStatuses(redirecting)).toEqual([status, status, status])
    expect(chatStatuses(honest)).toEqual([200, 200])
    expect(elsewhere.seen).toEqual([])
  },
)
