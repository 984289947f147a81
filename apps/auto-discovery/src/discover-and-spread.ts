import { Multiplexer } from '@multiplexer/core'
import {
  type GonkaParticipant,
  type GonkaRegistrationResult,
  type RegisterGonkaModelsOptions,
  registerGonkaModels,
} from '@multiplexer/gonka'

/** How much is asked of the network. */
export interface SpreadOptions {
  /** Calls to spread over the participants. */
  readonly calls: number
  /** Model id. @default 'auto', any that the network serves */
  readonly model?: string | undefined
}

/** A participant that was found, and what it answered. */
interface ParticipantRow {
  readonly address: string
  readonly host: string
  /** Its share of all weights, 0 to 1. */
  readonly weightShare: number
  /** Its share of the answers, 0 to 1. */
  readonly answerShare: number
  readonly models: readonly string[]
}

/** What the example saw. */
export interface Report extends Pick<GonkaRegistrationResult, 'epochId' | 'trust' | 'provenBy' | 'rejected'> {
  readonly participants: readonly ParticipantRow[]
  readonly calls: number
  /** Calls that nobody answered. */
  readonly lost: number
  /** What was said about them, each once. */
  readonly errors: readonly string[]
}

const IN_FLIGHT = 8

/** Finds the participants of the epoch and spreads calls over them.
 * @param settings - `{ sourceUrl, privateKey }`; with `trust` and `chainId`, nobody takes part who is not proven to. What is
 * left out comes from the `GONKA_*` variables. */
export async function discoverAndSpread(
  settings: RegisterGonkaModelsOptions,
  { calls, model = 'auto' }: SpreadOptions,
): Promise<Report> {
  await using mux = new Multiplexer()
  const { participants, ...found } = await registerGonkaModels(mux, settings)
  const { epochId, trust, provenBy, rejected, refreshManager } = found
  try {
    const errors = await spreadCalls(mux, calls, model)
    const rows = toRows(mux, participants)
    const lost = errors.length
    return { epochId, trust, provenBy, rejected, participants: rows, calls, lost, errors: [...new Set(errors)] }
  } finally {
    await refreshManager?.stop()
  }
}

/** Gives one message for each call that was lost. */
async function spreadCalls(mux: Multiplexer, calls: number, model: string): Promise<string[]> {
  let started = 0
  const errors: string[] = []
  const callUntilDone = async (): Promise<void> => {
    while (started < calls) {
      const content = `Question ${started++}`
      const call = mux.chat.completions.create({ model, messages: [{ role: 'user', content }] })
      await call.catch((error: Error) => errors.push(error.message))
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, callUntilDone))
  return errors
}

/** One row per participant, the heaviest first. */
function toRows(mux: Multiplexer, participants: readonly GonkaParticipant[]): ParticipantRow[] {
  const { members } = mux.getStats()
  const answers = ({ address }: GonkaParticipant): number => members[`gonka:${address}`]?.verdicts.ok ?? 0
  const allAnswers = sum(participants.map(answers))
  const allWeights = sum(participants.map(({ weight }) => weight))
  return [...participants]
    .sort((one, other) => other.weight - one.weight)
    .map((participant) => ({
      address: participant.address,
      host: new URL(participant.inferenceUrl).host,
      weightShare: participant.weight / allWeights || 0,
      answerShare: answers(participant) / allAnswers || 0,
      models: participant.models,
    }))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
