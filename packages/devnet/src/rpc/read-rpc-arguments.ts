import { RpcRefusal } from './rpc-reply.ts'

/** Reads an integer argument: plain, or in quotes as text.
 * @returns undefined when it is missing or empty. */
export function readInteger(query: URLSearchParams, name: string): number | undefined | RpcRefusal {
  const text = unquote(query.get(name) ?? '')
  if (text === '') return undefined
  const value = Number(text)
  if (/^-?\d{1,19}$/.test(text) && Number.isSafeInteger(value)) return value
  return RpcRefusal.ofArguments(`${name} must be an integer`)
}

/** Reads a height that must have a block.
 * @returns `latest` when it is missing or empty. */
export function readHeight(
  query: URLSearchParams,
  { firstHeight, height: latest }: { readonly firstHeight: number; readonly height: number },
): number | RpcRefusal {
  const height = readInteger(query, 'height')
  if (height === undefined) return latest
  if (height instanceof RpcRefusal) return height
  if (height <= 0) return RpcRefusal.ofCall(`height must be greater than 0, but got ${height}`)
  if (height > latest) {
    return RpcRefusal.ofCall(`height ${height} must be less than or equal to the current blockchain height ${latest}`)
  }
  if (height >= firstHeight) return height
  return RpcRefusal.ofCall(`height ${height} is not available, lowest height is ${firstHeight}`)
}

/** Reads bytes: `0x` and hex, or text in quotes. */
export function readBytes(query: URLSearchParams, name: string): Uint8Array | RpcRefusal {
  const text = query.get(name) ?? ''
  if (/^0x(?:[0-9a-fA-F]{2})*$/.test(text)) return Uint8Array.from(Buffer.from(text.slice(2), 'hex'))
  if (text === '' || isQuoted(text)) return Uint8Array.from(Buffer.from(unquote(text)))
  return RpcRefusal.ofArguments(`${name} must be 0x and hex digits, or text in quotes`)
}

/** Reads text: in quotes. */
export function readText(query: URLSearchParams, name: string): string | RpcRefusal {
  const text = query.get(name) ?? ''
  if (text === '' || isQuoted(text)) return unquote(text)
  return RpcRefusal.ofArguments(`${name} must be text in quotes`)
}

function isQuoted(text: string): boolean {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"')
}

function unquote(text: string): string {
  return isQuoted(text) ? text.slice(1, -1) : text
}
