import { jsonReply, type Reply } from '../reply.ts'

/** A call that the chain's RPC refuses. */
export class RpcRefusal {
  readonly code: number
  readonly message: string
  readonly data: string

  private constructor(code: number, message: string, data: string) {
    this.code = code
    this.message = message
    this.data = data
  }

  /** Arguments that cannot be read. */
  static ofArguments(problem: string): RpcRefusal {
    return new RpcRefusal(-32602, 'Invalid params', `error converting http params to arguments: ${problem}`)
  }

  /** Arguments that can be read and not be answered. */
  static ofCall(problem: string): RpcRefusal {
    return new RpcRefusal(-32603, 'Internal error', problem)
  }
}

/** A JSON-RPC answer over GET.
 * @see Protocol reference, section 4.3 */
export function rpcReply(answer: object | RpcRefusal): Reply {
  const head = { jsonrpc: '2.0', id: -1 }
  if (!(answer instanceof RpcRefusal)) return jsonReply(200, { ...head, result: answer })
  const { code, message, data } = answer
  return jsonReply(500, { ...head, error: { code, message, data } })
}
