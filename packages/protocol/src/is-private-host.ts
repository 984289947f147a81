/** Tells whether a URL's host is one that a stranger must not make us call: loopback, private, link-local, carrier-grade,
 * multicast, reserved or documentation addresses, and names that resolve locally by definition.
 * @param hostname - `URL.hostname`: lower case, IPv4 in dotted form, IPv6 in brackets.
 * @returns True for such hosts. Other names give false: what they resolve to is not looked up here.
 * @example isPrivateHost(new URL('http://169.254.169.254/').hostname) // true
 * @see RFC 6890 and the IANA special-purpose registries; RFC 6761, 6762 and 8375 for the names */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.+$/, '')
  if (host.startsWith('[')) return isPrivateIpv6(host.slice(1, -1))
  const address = parseIpv4(host)
  if (address !== undefined) return isPrivateIpv4(address)
  return !host.includes('.') || LOCAL_SUFFIXES.some((suffix) => host.endsWith(suffix))
}

/** RFC 6761, 6762 (with the names of its appendix G that are in private use) and 8375. */
const LOCAL_SUFFIXES = [
  '.localhost',
  '.localdomain',
  '.local',
  '.internal',
  '.intranet',
  '.private',
  '.corp',
  '.home',
  '.lan',
  '.home.arpa',
]

/** First octets, prefix length: the IPv4 blocks that are not globally reachable. */
const IPV4_BLOCKS: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]

/** The address as one unsigned 32-bit number; 0 is one of them. */
function parseIpv4(host: string): number | undefined {
  const parts = host.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return undefined
  return parts.reduce((value, part) => value * 256 + Number(part), 0)
}

function isPrivateIpv4(address: number): boolean {
  return IPV4_BLOCKS.some(([block, bits]) => {
    const size = 2 ** (32 - bits)
    return Math.floor(address / size) === Math.floor((parseIpv4(block) ?? 0) / size)
  })
}

function isPrivateIpv6(address: string): boolean {
  const groups = expandIpv6(address)
  const [first = 0, second = 0] = groups
  const embedded = (groups[6] ?? 0) * 65_536 + (groups[7] ?? 0)
  const leadingZeros = groups.findIndex((group) => group !== 0)
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (mapped || leadingZeros >= 6 || leadingZeros === -1) return mapped ? isPrivateIpv4(embedded) : true
  const translated = first === 0x64 && second === 0xff9b && groups.slice(2, 6).every((group) => group === 0)
  if (translated) return isPrivateIpv4(embedded)
  const reserved = first === 0x2001 && (second === 0xdb8 || second < 0x200)
  const documentation = first === 0x3fff && second < 0x1000
  return reserved || documentation || first === 0x2002 || (first & 0xe000) !== 0x2000
}

function expandIpv6(address: string): number[] {
  const [head = '', tail] = address.split('::')
  const parse = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
  const [left, right] = [parse(head), parse(tail ?? '')]
  return [...left, ...Array<number>(Math.max(0, 8 - left.length - right.length)).fill(0), ...right]
}
