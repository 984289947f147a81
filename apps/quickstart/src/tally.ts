import type { Devnet } from '@gonka/devnet'
import type { Multiplexer } from '@multiplexer/core'
import type { DemoReport, ParticipantReport } from './demo-report.ts'

interface Counts {
  successes: number
  failovers: number
}

/** Counts what the participants do, from the multiplexer's own events. */
export class Tally {
  readonly #counts = new Map<string, Counts>()
  readonly #fates = new Map<string, string>()
  readonly #epochs: { epochId: number; weights: ReadonlyMap<string, number> }[] = []

  constructor(devnet: Devnet) {
    this.noteEpoch(devnet)
  }

  listenTo(mux: Multiplexer, say: (line: string) => void): void {
    mux.on('attempt', ({ member, verdict }) => {
      if (verdict.kind === 'ok') this.#countsOf(member).successes += 1
    })
    mux.on('failover', ({ member }) => {
      this.#countsOf(member).failovers += 1
    })
    mux.on('cooldown', ({ member, verdict }) => {
      say(`${shorten(addressOf(member))} taken out of selection for a while: ${verdict.reason ?? verdict.kind}`)
    })
  }

  /** Remembers what happened to a participant. */
  note(address: string, fate: string): void {
    this.#fates.set(address, fate)
  }

  /** Remembers the weights of the epoch that is now in force. */
  noteEpoch(devnet: Devnet): void {
    const members = devnet.nodes.filter((node) => node.inEpoch)
    this.#epochs.push({
      epochId: devnet.epochId,
      weights: new Map(members.map(({ address, weight }) => [address, weight])),
    })
  }

  report(totals: Pick<DemoReport, 'requests' | 'streamed' | 'lost' | 'durationMs'>): DemoReport {
    const addresses = [...new Set(this.#epochs.flatMap(({ weights }) => [...weights.keys()]))]
    const participants = addresses.map((address) => this.#reportOn(address))
    return {
      ...totals,
      failovers: participants.reduce((sum, { failovers }) => sum + failovers, 0),
      epochs: this.#epochs.map(({ epochId }) => epochId),
      participants,
    }
  }

  #reportOn(address: string): ParticipantReport {
    const answered = [...this.#counts.values()].reduce((sum, { successes }) => sum + successes, 0)
    const { successes, failovers } = this.#countsOf(address)
    return {
      address,
      fate: this.#fates.get(address) ?? '',
      weightShare: this.#epochs.map(({ weights }) => shareOf(weights, address)),
      requestShare: answered === 0 ? 0 : successes / answered,
      successes,
      failovers,
    }
  }

  #countsOf(memberOrAddress: string): Counts {
    const address = addressOf(memberOrAddress)
    const counts = this.#counts.get(address) ?? { successes: 0, failovers: 0 }
    this.#counts.set(address, counts)
    return counts
  }
}

/** Members are named `gonka:<address>`. */
function addressOf(member: string): string {
  return member.replace(/^gonka:/, '')
}

function shorten(address: string): string {
  return `${address.slice(0, 12)}…`
}

function shareOf(weights: ReadonlyMap<string, number>, address: string): number | undefined {
  const weight = weights.get(address)
  const total = [...weights.values()].reduce((sum, one) => sum + one, 0)
  return weight === undefined ? undefined : weight / total
}
