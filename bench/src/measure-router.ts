import { Router, type Transport } from '@multiplexer/core'
import {
  answerInMemory,
  callRouter,
  callTransport,
  streamFromRouter,
  streamFromTransport,
  streamInMemory,
} from './in-memory.ts'
import { byProcessor, type Measurement, measureRounds } from './measure-rounds.ts'

/** A transport called directly and through `router.fetch`, by processor time. */
export interface RouterCost {
  /** The transport alone. */
  readonly transport: Measurement
  /** `router.fetch` with that transport as its only member. */
  readonly router: Measurement
}

/** Measures what `router.fetch` adds to a transport that answers from memory.
 * @param options.calls - Calls in each of nine rounds. @default 3_000 */
export function measureRouter(options: { calls?: number } = {}): Promise<RouterCost> {
  const router = createRouter(answerInMemory)
  return measureRounds(
    { transport: byProcessor(() => callTransport(answerInMemory)), router: byProcessor(() => callRouter(router)) },
    { calls: options.calls ?? 3_000 },
  )
}

/** Measures what `router.fetch` adds to a stream of 100 events.
 * @param options.calls - Streams in each of nine rounds. @default 300 */
export function measureRouterStreams(options: { calls?: number } = {}): Promise<RouterCost> {
  const router = createRouter(streamInMemory)
  return measureRounds(
    {
      transport: byProcessor(() => streamFromTransport(streamInMemory)),
      router: byProcessor(() => streamFromRouter(router)),
    },
    { calls: options.calls ?? 300 },
  )
}

/** One call through a router of so many members, by processor time. */
export interface SelectionCost {
  readonly '10 members': Measurement
  readonly '10,000 members': Measurement
}

/** Measures whether picking a member costs more when there are many.
 * @param options.calls - Calls in each of nine rounds. @default 3_000 */
export function measureSelection(options: { calls?: number } = {}): Promise<SelectionCost> {
  const few = createRouter(answerInMemory, 10)
  const many = createRouter(answerInMemory, 10_000)
  return measureRounds(
    { '10 members': byProcessor(() => callRouter(few)), '10,000 members': byProcessor(() => callRouter(many)) },
    { calls: options.calls ?? 3_000 },
  )
}

/** A router of members that all serve the same model, with weights 1 to 5. */
export function createRouter(transport: Transport, members = 1): Router {
  const router = new Router()
  for (let index = 0; index < members; index++) {
    router.addModel(transport, { modelName: `member-${index}`, models: ['m'], weight: (index % 5) + 1 })
  }
  return router
}
