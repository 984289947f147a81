import { classifyNodeAnswer } from '@gonka/protocol'
import { formatTable } from './format-table.mjs'

/** What nodes and gateways write, one answer for each row of the protocol package's table. */
export const NODE_ANSWERS = [
  [410, '{"error":"deprecated"}'],
  [308, '{"error":"gateway moved","new_url":"https://new.example/v1"}'],
  [402, '{"error":"Insufficient balance"}'],
  [403, '{"error":"inference requests are restricted until block height 2459375"}'],
  [500, '{"error":"rpc error: code = NotFound desc = account not found"}'],
  [500, '{"error":"rpc error: code = NotFound desc = account has no public key"}'],
  [404, '{"error":"Account not found"}'],
  [401, '{"error":"Unable to validate request against PubKey:invalid signature"}'],
  [403, '{"error":"Transfer Agent not allowed"}'],
  [401, '{"error":"model some/model requires an API key"}'],
  [400, '{"error":"signature is too old"}'],
  [400, '{"error":"signature is in the future"}'],
  [400, '{"error":"AuthKey has already been used for a transfer request"}'],
  [429, '{"error":"Transfer Agent capacity reached. Try another TA"}'],
  [503, '<html><body>503 Service Temporarily Unavailable</body></html>'],
  [503, '{"error":"no executors available for model"}'],
  [503, '{"error":"no inference nodes available"}'],
  [503, '{"error":"unable to fetch chain status"}'],
  [500, '{"error":"Post \\"http://executor.example\\": connection refused"}'],
  [500, '{"error":"inference node response with an error"}'],
  [401, '{"error":"Unable to validate request against TransferSignature:invalid signature"}'],
  [404, '{"error":"model not found"}'],
  [400, '{"error":"No model specified"}'],
  [401, '{"error":"Authorization is required"}'],
  [413, '{"error":"request body too large"}'],
]

/** Writes the table of what answers of nodes mean. */
export function renderNodeTable() {
  const rows = NODE_ANSWERS.map(([status, bodyText]) => {
    const verdict = classifyNodeAnswer({ status, bodyText })
    if (!verdict) throw new Error(`No row for ${status} ${bodyText}`)
    const { kind, scope, retryAfterMs, reason } = verdict
    const forGood = retryAfterMs === Number.POSITIVE_INFINITY ? ', for good' : ''
    return [String(status), `\`${textOf(bodyText)}\``, `\`${kind}\`${forGood}`, scope, shorten(reason)]
  })
  return formatTable(['status', 'text', 'verdict', 'held against', 'reason in events and errors'], rows)
}

/** One broker stands for the list of all. */
function shorten(reason) {
  return reason.replace(/(with an API key \([^,)]+), [^)]*\)/, '$1, …)')
}

function textOf(bodyText) {
  return bodyText.startsWith('<') ? "a proxy's HTML page" : JSON.parse(bodyText).error
}
