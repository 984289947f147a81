import type { ResolveHost } from './types.ts'

/** The part of `node:dns/promises` that is used. */
interface NameService {
  lookup(host: string, options: { all: true }): Promise<readonly { readonly address: string }[]>
}

/** Finds the platform's way to resolve names: the one by which Node's `fetch` finds a host, hosts file included. A static
 * import would keep this package out of browsers, which have none.
 * @returns Undefined where there is no `node:dns`. */
export function findHostResolver(): ResolveHost | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }
  const names = process?.getBuiltinModule?.('node:dns/promises') as NameService | undefined
  if (names === undefined) return undefined
  return async (host) => (await names.lookup(host, { all: true })).map(({ address }) => address)
}
