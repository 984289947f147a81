import { expect, test } from 'vitest'
import { participant, toShapeA } from './fixtures/bundles.ts'
import { createDiscovery } from './fixtures/discover.ts'
import { json, node, startServer } from './fixtures/server.ts'

const list = json(toShapeA({ epochId: 7, participants: [participant(1, { inferenceUrl: 'http://gone.example' })] }))

test.each(['throws', 'rejects'])('a logger that %s changes nothing, whatever it is told', async (how) => {
  const told: string[] = []
  const logger = {
    warn: (message: string) => {
      told.push(message)
      const error = new Error('the disk of the log is full')
      if (how === 'throws') throw error
      return Promise.reject(error)
    },
  }
  const { url } = await startServer(node({ participants: list, params: json({}, 404) }))
  const resolveHost = () => Promise.reject(new Error('ENOTFOUND'))
  const { discovery } = createDiscovery({ sourceUrl: url, logger, resolveHost })
  expect((await discovery.discover()).participants).toHaveLength(1)
  expect(told).toEqual([
    expect.stringContaining('The list of transfer agents could not be read'),
    expect.stringContaining('did not resolve'),
  ])
})
