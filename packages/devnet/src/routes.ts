import { answerAuthAccount, answerBankBalances, answerVersions } from './answer-chain-queries.ts'
import { answerClassic } from './answer-classic.ts'
import { answerGateway } from './answer-gateway.ts'
import {
  answerAccount,
  answerIdentity,
  answerLatestEpoch,
  answerModels,
  answerParams,
  answerParticipants,
} from './answer-queries.ts'
import { answerRetired, answerRetiredDevshard } from './answer-retired.ts'
import type { NodeState, ReceivedRequest } from './node-state.ts'
import { gatewayError, jsonReply, nodeError, type Reply } from './reply.ts'
import { answerAbciQuery } from './rpc/answer-abci-query.ts'
import { answerBlock, answerCommit, answerStatus, answerValidators } from './rpc/answer-rpc.ts'

interface Route {
  readonly method: 'GET' | 'POST' | 'ANY'
  readonly path: RegExp
  /** `argument` is what the path's group holds. */
  readonly answer: (node: NodeState, received: ReceivedRequest, argument: string) => Reply | Promise<Reply>
}

const CHAIN_PARAMS = /^\/chain-api\/productscience\/inference\/inference\/params$/
const AUTH_ACCOUNT = /^\/chain-api\/cosmos\/auth\/v1beta1\/accounts\/([^/]*)$/
const BANK_BALANCES = /^\/chain-api\/cosmos\/bank\/v1beta1\/balances\/([^/]*)$/

const QUERIES: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/v1\/epochs\/([^/]*)\/participants$/,
    answer: (node, _, epoch) => answerParticipants(node, epoch),
  },
  { method: 'GET', path: /^\/v1\/epochs\/([^/]*)$/, answer: (node, _, epoch) => answerLatestEpoch(node, epoch) },
  { method: 'GET', path: /^\/v1\/models$/, answer: answerModels },
  { method: 'GET', path: /^\/v1\/participants\/([^/]*)$/, answer: (node, _, address) => answerAccount(node, address) },
  { method: 'GET', path: /^\/v1\/identity$/, answer: answerIdentity },
  { method: 'GET', path: /^\/v1\/status$/, answer: () => jsonReply(200, { status: 'ok' }) },
  { method: 'GET', path: /^\/v1\/versions$/, answer: answerVersions },
  { method: 'GET', path: CHAIN_PARAMS, answer: answerParams },
  { method: 'GET', path: AUTH_ACCOUNT, answer: (node, _, address) => answerAuthAccount(node, address) },
  { method: 'GET', path: BANK_BALANCES, answer: (node, _, address) => answerBankBalances(node, address) },
  { method: 'GET', path: /^\/chain-rpc\/status$/, answer: answerStatus },
  { method: 'GET', path: /^\/chain-rpc\/commit$/, answer: answerCommit },
  { method: 'GET', path: /^\/chain-rpc\/validators$/, answer: answerValidators },
  { method: 'GET', path: /^\/chain-rpc\/block$/, answer: answerBlock },
  { method: 'GET', path: /^\/chain-rpc\/abci_query$/, answer: answerAbciQuery },
]

const CHAT = /^\/v1\/(?:chat\/)?completions$/

const CLASSIC: readonly Route[] = [...QUERIES, { method: 'POST', path: CHAT, answer: answerClassic }]
const GATEWAY: readonly Route[] = [...QUERIES, { method: 'POST', path: CHAT, answer: answerGateway }]
const RETIRED: readonly Route[] = [
  ...QUERIES,
  { method: 'POST', path: CHAT, answer: answerRetired },
  { method: 'GET', path: /^\/v1\/chat\/completions$/, answer: answerRetired },
  { method: 'ANY', path: /^\/v1\/devshard(?:\/.*)?$/, answer: answerRetiredDevshard },
]

const ROUTES = { 'classic-v1': CLASSIC, 'classic-v2': CLASSIC, gateway: GATEWAY, retired: RETIRED }

/** Finds who answers a request and lets them. */
export async function route(node: NodeState, received: ReceivedRequest): Promise<Reply> {
  const { mode } = node.network
  const refuse = mode === 'gateway' ? gatewayError : nodeError
  const matching = ROUTES[mode].filter(({ path }) => path.test(received.path))
  if (matching.length === 0) return nodeError(404, 'Not Found')
  const found = matching.find(({ method }) => method === 'ANY' || method === received.method)
  if (!found) return refuse(405, 'Method Not Allowed')
  return await found.answer(node, received, found.path.exec(received.path)?.[1] ?? '')
}
