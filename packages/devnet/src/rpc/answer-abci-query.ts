import { toBase64 } from '../derive.ts'
import type { NodeState, ReceivedRequest } from '../node-state.ts'
import type { Reply } from '../reply.ts'
import type { ProofOp } from '../state/multistore.ts'
import type { ChainView, StateQuery } from '../view.ts'
import { viewOf } from '../view-of.ts'
import { readBytes, readInteger, readText } from './read-rpc-arguments.ts'
import { RpcRefusal, rpcReply } from './rpc-reply.ts'

/** `GET /chain-rpc/abci_query?path="/store/inference/key"&data=0x…&height=N&prove=true`: the state after block N, proven
 * by the header of block N + 1. A missing key has an empty value, and a proof of absence.
 * @see Protocol reference, section 3.6 */
export function answerAbciQuery(node: NodeState, { query }: ReceivedRequest): Reply {
  const path = readText(query, 'path')
  const key = readBytes(query, 'data')
  const height = readInteger(query, 'height')
  if (path instanceof RpcRefusal) return rpcReply(path)
  if (key instanceof RpcRefusal) return rpcReply(key)
  if (height instanceof RpcRefusal) return rpcReply(height)
  const view = viewOf(node)
  const store = /^\/?store\/([^/]+)\/key$/.exec(path)?.[1]
  if (store === undefined) return refuse(6, `unknown query path: ${path.slice(0, 100)}`)
  const wanted: StateQuery = { store, key, height: height || view.height }
  const refusal = checkQuery(view, wanted)
  if (refusal) return refusal
  return rpcReply(queryJson(view, wanted, query.get('prove') === 'true'))
}

function checkQuery(view: ChainView, wanted: StateQuery): Reply | undefined {
  const { height, key, store } = wanted
  if (height < 0) return refuse(26, 'cannot query with height < 0; please provide a valid height')
  if (height > view.height) {
    return refuse(26, 'cannot query with height in the future; please provide a valid height')
  }
  if (height < view.firstHeight) {
    return refuse(18, `failed to load state at height ${height}; the state was pruned (latest height: ${view.height})`)
  }
  if (key.length === 0) return refuse(2, 'query cannot be zero length')
  if (!view.hasStore(wanted)) return refuse(6, `no such store: ${store.slice(0, 100)}`)
  return undefined
}

function queryJson(view: ChainView, wanted: StateQuery, isProven: boolean): object {
  const { value, ops } = view.prove(wanted)
  return {
    response: {
      code: 0,
      log: '',
      info: '',
      index: '0',
      key: toBase64(wanted.key),
      value: value === undefined ? null : toBase64(value),
      proofOps: isProven ? proofOpsJson(ops) : null,
      height: String(wanted.height),
      codespace: '',
    },
  }
}

/** The application's refusals are answers, with a code. */
function refuse(code: number, log: string): Reply {
  const response = { code, log, info: '', index: '0', key: null, value: null, proofOps: null, height: '0' }
  return rpcReply({ response: { ...response, codespace: 'sdk' } })
}

/** Proof steps as JSON. */
export function proofOpsJson(ops: readonly ProofOp[]): object {
  return { ops: ops.map(({ type, key, data }) => ({ type, key: toBase64(key), data: toBase64(data) })) }
}
