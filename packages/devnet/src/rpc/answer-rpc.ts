import { formatTime } from '../consensus/timestamp.ts'
import type { Validator } from '../consensus/types.ts'
import { createValidator } from '../consensus/validator-set.ts'
import { toBase64 } from '../derive.ts'
import type { NodeState, ReceivedRequest } from '../node-state.ts'
import type { Reply } from '../reply.ts'
import type { ChainView } from '../view.ts'
import { viewOf } from '../view-of.ts'
import { RPC_DIALECT, toHex } from './block-dialects.ts'
import { blockIdJson, commitJson, headerJson } from './block-json.ts'
import { readHeight, readInteger } from './read-rpc-arguments.ts'
import { RpcRefusal, rpcReply } from './rpc-reply.ts'

const DEFAULT_PAGE_SIZE = 30
const MAX_PAGE_SIZE = 100

/** `GET /chain-rpc/status`.
 * @see Protocol reference, section 4.3 */
export function answerStatus(node: NodeState): Reply {
  const view = viewOf(node)
  const latest = view.blockAt(view.height)
  const first = view.blockAt(view.firstHeight)
  const validators = view.validatorsAt(view.height)
  const power = validators.find(({ keyLabel }) => keyLabel === `validator/${node.index}`)?.power ?? 0
  return rpcReply({
    node_info: { network: view.chainId, protocol_version: { p2p: '8', block: '11', app: '0' } },
    sync_info: {
      latest_block_hash: toHex(latest.id.hash),
      latest_app_hash: toHex(latest.header.appHash),
      latest_block_height: String(view.height),
      // What nodes compare timestamps with; a lag that came later than the block's header shows here alone.
      latest_block_time: formatTime(node.network.chain.blockTimeNs),
      earliest_block_hash: toHex(first.id.hash),
      earliest_app_hash: toHex(first.header.appHash),
      earliest_block_height: String(view.firstHeight),
      earliest_block_time: formatTime(first.header.timeNs),
      catching_up: false,
    },
    validator_info: validatorJson(createValidator(node.validatorKey, power, '')),
  })
}

/** `GET /chain-rpc/commit?height=H`. */
export function answerCommit(node: NodeState, { query }: ReceivedRequest): Reply {
  return answerAt(node, query, (view, height) => ({
    signed_header: {
      header: headerJson(view.blockAt(height).header, RPC_DIALECT),
      commit: commitJson(view.commitAt(height), RPC_DIALECT),
    },
    // The votes for the latest block are those seen; later ones may still come.
    canonical: height < view.height,
  }))
}

/** `GET /chain-rpc/block?height=H`. */
export function answerBlock(node: NodeState, { query }: ReceivedRequest): Reply {
  return answerAt(node, query, (view, height) => {
    const { header, id } = view.blockAt(height)
    return {
      block_id: blockIdJson(id, RPC_DIALECT),
      block: {
        header: headerJson(header, RPC_DIALECT),
        data: { txs: [] },
        evidence: { evidence: [] },
        last_commit: commitJson(height > view.firstHeight ? view.commitAt(height - 1) : undefined, RPC_DIALECT),
      },
    }
  })
}

/** `GET /chain-rpc/validators?height=H&page=P&per_page=100`. */
export function answerValidators(node: NodeState, { query }: ReceivedRequest): Reply {
  return answerAt(node, query, (view, height) => {
    const all = view.validatorsAt(height)
    const page = readPage(query, all.length)
    if (page instanceof RpcRefusal) return page
    const validators = all.slice(page.from, page.from + page.size)
    return {
      block_height: String(height),
      validators: validators.map(validatorJson),
      count: String(validators.length),
      total: String(all.length),
    }
  })
}

/** Bad sizes become good ones; bad pages are refused. */
function readPage(
  query: URLSearchParams,
  total: number,
): { readonly from: number; readonly size: number } | RpcRefusal {
  const page = readInteger(query, 'page')
  const perPage = readInteger(query, 'per_page')
  if (page instanceof RpcRefusal) return page
  if (perPage instanceof RpcRefusal) return perPage
  const size = perPage === undefined || perPage < 1 ? DEFAULT_PAGE_SIZE : Math.min(perPage, MAX_PAGE_SIZE)
  const pages = Math.max(1, Math.ceil(total / size))
  const wanted = page ?? 1
  if (wanted < 1 || wanted > pages) {
    return RpcRefusal.ofCall(`page should be within [1, ${pages}] range, given ${wanted}`)
  }
  return { from: (wanted - 1) * size, size }
}

function validatorJson({ address, publicKey, power }: Validator): object {
  return {
    address: toHex(address),
    pub_key: { type: 'tendermint/PubKeyEd25519', value: toBase64(publicKey) },
    voting_power: String(power),
    proposer_priority: '0',
  }
}

function answerAt(
  node: NodeState,
  query: URLSearchParams,
  answer: (view: ChainView, height: number) => object | RpcRefusal,
): Reply {
  const view = viewOf(node)
  const height = readHeight(query, view)
  return rpcReply(height instanceof RpcRefusal ? height : answer(view, height))
}
