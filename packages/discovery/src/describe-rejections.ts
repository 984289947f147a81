import type { Rejection, RejectionReason } from './types.ts'

const DESCRIPTIONS: Readonly<Record<RejectionReason, string>> = {
  'entry-invalid': 'malformed entry',
  'address-invalid': 'not a gonka1… address',
  excluded: 'excluded by the chain in this epoch',
  'transfer-agent-not-allowed':
    'not in the list of transfer agents; pass transferAgents: [] to ignore the list of the chain',
  'url-invalid': 'not an http or https URL',
  'host-refused': 'private host; set allowPrivateHosts for local networks',
  'host-resolves-private': 'host name that leads to a private address; set allowPrivateHosts for local networks',
  duplicate: 'address seen before',
}

/** Says in one sentence why nobody of a list is left: how many entries fell to which rule, most frequent first. */
export function describeRejections(rejected: readonly Rejection[]): string {
  if (rejected.length === 0) return 'the list is empty'
  const counts = new Map<RejectionReason, number>()
  for (const { reason } of rejected) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  const sorted = [...counts].sort(([, a], [, b]) => b - a)
  return sorted.map(([reason, count]) => `${count} refused: ${DESCRIPTIONS[reason]}`).join('. ')
}
