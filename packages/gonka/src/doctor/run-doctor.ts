import { GonkaConfigError, type GonkaParticipant } from '@gonka/protocol'
import { createRedactor } from '../create-redactor.ts'
import { checkDevelopers, checkTransferAgents } from './check-access.ts'
import { checkAccount } from './check-account.ts'
import { checkBroker } from './check-broker.ts'
import { checkClock } from './check-clock.ts'
import { checkParticipant, type ParticipantFinding } from './check-participants.ts'
import { checkProof, type ProofFinding } from './check-proof.ts'
import { checkProtocol } from './check-protocol.ts'
import { checkAddress, checkConfiguration, checkKey } from './check-settings.ts'
import { checkSource, fetchChainStatus, type SourceFinding } from './check-source.ts'
import { countOf } from './count-of.ts'
import { skipped } from './create-row.ts'
import { type ChainParams, fetchParams } from './fetch-params.ts'
import { type DoctorSettings, readSettings } from './read-settings.ts'
import { sendRequest } from './send-request.ts'
import { summarize } from './summarize.ts'
import type { DoctorOptions, DoctorPorts, DoctorReport, DoctorRow } from './types.ts'

/** Checks everything that a request through the network needs, and says of each thing whether it works and what to do. Wrong
 * settings are rows of the report and not errors. Nothing is charged unless `send` is set: participants are asked without a
 * signature, brokers for a model that there is not. No row holds a key, or credentials or a query of a URL.
 * @param options - The settings that `registerGonkaModels` would be given, and how to look.
 * @throws {GonkaConfigError} `config-invalid` when `timeoutMs` or `maxParticipants` is out of range.
 * @throws The signal's reason when it is aborted.
 * @example
 * const { ok, summary, checks } = await runDoctor({ sourceUrl: 'http://node1.example:8000' })
 * if (!ok) console.log(summary, checks.find(({ status }) => status === 'fail')?.next) */
export async function runDoctor(options: DoctorOptions = {}): Promise<DoctorReport> {
  const ports = readPorts(options)
  const settings = readSettings(options)
  const rows = await collectRows(settings, options, ports)
  const redact = createRedactor(secretsOf(settings))
  const checks = rows.map((row) => redactRow(row, redact))
  return {
    ok: checks.every(({ status }) => status !== 'fail'),
    summary: summarize(checks, isAccepted(settings)),
    checks,
  }
}

/** Whether an application can start with the settings: it does not with one that is wrong, whatever the others are. */
function isAccepted({ problems, keyProblem, addressProblem }: DoctorSettings): boolean {
  return problems.length === 0 && keyProblem === undefined && addressProblem === undefined
}

const MAX_TIMER_MS = 2 ** 31 - 1

function readPorts(options: DoctorOptions): DoctorPorts {
  const { fetch, now, resolveHost, timeoutMs = 10_000, maxParticipants = 10, signal } = options
  signal?.throwIfAborted()
  checkInteger('timeoutMs', timeoutMs)
  checkInteger('maxParticipants', maxParticipants)
  return {
    fetch: fetch ?? ((input, init) => globalThis.fetch(input, init)),
    now: now ?? (() => Date.now()),
    resolveHost,
    timeoutMs,
    signal,
  }
}

function checkInteger(field: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= MAX_TIMER_MS) return
  throw new GonkaConfigError('config-invalid', `${field} must be a whole number, 1 to ${MAX_TIMER_MS}.`, { field })
}

async function collectRows(
  settings: DoctorSettings,
  options: DoctorOptions,
  ports: DoctorPorts,
): Promise<readonly DoctorRow[]> {
  const { onProgress = () => {}, send = false, model } = options
  const { sourceUrls, brokers, endpoints, requesterAddress: address } = settings
  onProgress(`asking ${countOf(sourceUrls.length, 'source')}`)
  const sources = await Promise.all(sourceUrls.map((url) => checkSource(url, settings, ports)))
  if (settings.proofs.verifyProofs) onProgress('verifying proofs')
  const proofs = await Promise.all(sources.map((source) => checkProof(source, settings, ports)))
  const lists = proofs.map(({ list }) => list)
  onProgress('asking participants and brokers')
  const [participants, brokerRows] = await Promise.all([
    askParticipants(settings, lists, { ...ports, limit: options.maxParticipants ?? 10 }),
    Promise.all(brokers.map((broker) => checkBroker(broker, ports))),
  ])
  onProgress('reading the account and the parameters of the chain')
  const nodeUrls = nodesToAsk(sources, endpoints)
  const [account, chain] = await Promise.all([checkAccount(settings, nodeUrls, ports), readChain(nodeUrls, ports)])
  const clock = await checkClock(nodeUrls, chain.params, ports)
  if (send) onProgress('sending one request')
  return [
    ...checkConfiguration(settings),
    checkKey(settings, options),
    checkAddress(settings),
    ...sources.map(({ row }) => row),
    ...account,
    checkDevelopers(chain.params, { address, height: chain.height }),
    checkTransferAgents(chain.params, listAddresses(lists, endpoints)),
    clock,
    ...participants.map(({ row }) => row),
    ...brokerRows,
    checkProtocol({
      participants,
      brokers: brokerRows,
      scheme: settings.scheme,
      versions: sources.flatMap(({ version }) => version ?? []),
    }),
    ...proofs.map(({ row }) => row),
    send
      ? await sendRequest(settings, ports, model)
      : skipped('request', { detail: 'none was sent; --send (send: true) pays for a small one' }),
  ]
}

/** Those by hand, and the heaviest of the sources' lists; no address twice, as the network's list knows better. */
function askParticipants(
  { endpoints }: DoctorSettings,
  lists: readonly ProofFinding['list'][],
  { limit, ...ports }: DoctorPorts & { readonly limit: number },
): Promise<readonly ParticipantFinding[]> {
  const found = new Map<string, GonkaParticipant>()
  for (const participant of lists.flatMap(({ participants }) => participants)) {
    if (!found.has(participant.address)) found.set(participant.address, participant)
  }
  const heaviest = [...found.values()].sort((a, b) => b.weight - a.weight).slice(0, limit)
  const byHand = endpoints.filter(({ address }) => !found.has(address))
  return Promise.all([
    ...heaviest.map((participant) => checkParticipant(participant, false, ports)),
    ...byHand.map((participant) => checkParticipant(participant, true, ports)),
  ])
}

/** Who can be asked about the chain: sources that answer, else participants by hand, which may. */
function nodesToAsk(sources: readonly SourceFinding[], endpoints: readonly GonkaParticipant[]): readonly string[] {
  const answering = sources.filter(({ answers }) => answers).map(({ url }) => url)
  return answering.length > 0 ? answering : endpoints.map(({ inferenceUrl }) => inferenceUrl.replace(/\/v1$/, ''))
}

interface Chain {
  readonly params: ChainParams | undefined
  readonly height: bigint | undefined
}

async function readChain(nodeUrls: readonly string[], ports: DoctorPorts): Promise<Chain> {
  for (const nodeUrl of nodeUrls) {
    const [params, { height }] = await Promise.all([fetchParams(nodeUrl, ports), fetchChainStatus(nodeUrl, ports)])
    if (params !== undefined) return { params, height }
  }
  return { params: undefined, height: undefined }
}

function listAddresses(
  lists: readonly ProofFinding['list'][],
  endpoints: readonly GonkaParticipant[],
): readonly string[] {
  const listed = lists.flatMap(({ participants, rejected }) => [...participants, ...rejected])
  return [...new Set([...listed, ...endpoints].map(({ address }) => address.toLowerCase()))]
}

/** Keys as they were given, also where they are of no use. */
function secretsOf({ merged, brokers }: DoctorSettings): readonly string[] {
  const { privateKey } = merged
  const given = typeof privateKey === 'string' ? [privateKey.replace(/^0x/i, '')] : []
  const unchecked = Array.isArray(merged.brokers) ? merged.brokers.map((broker) => broker?.apiKey) : []
  const texts = unchecked.filter((key): key is string => typeof key === 'string')
  return [...given, ...texts, ...brokers.map((broker) => broker.apiKey())]
}

function redactRow({ subject, detail, next, ...row }: DoctorRow, redact: (text: string) => string): DoctorRow {
  return {
    ...row,
    ...(subject === undefined ? {} : { subject: redact(subject) }),
    detail: redact(detail),
    ...(next === undefined ? {} : { next: redact(next) }),
  }
}
