import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPrivateHost } from './is-private-host.ts'

/** As callers do it: the platform's parser turns every spelling of an address into one. */
function isPrivate(host: string): boolean {
  return isPrivateHost(new URL(`http://${host}/`).hostname)
}

describe('isPrivateHost', () => {
  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.1',
    '100.127.255.255',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.0.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
  ])('finds the IPv4 address %s', (host) => {
    expect(isPrivate(host)).toBe(true)
  })

  it.each([
    '0x7f.1',
    '0x7f000001',
    '2130706433',
    '017700000001',
    '0177.0.0.1',
    '0x7f.0.0.0x1',
    '127.1',
    '127.0.0.1.',
    '①②⑦.0.0.1',
  ])('finds 127.0.0.1 written as %s', (host) => {
    expect(isPrivate(host)).toBe(true)
  })

  it.each([
    '[::]',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[::127.0.0.1]',
    '[::8.8.8.8]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::ffff:10.0.0.1]',
    '[::ffff:169.254.169.254]',
    '[::ffff:0:127.0.0.1]',
    '[0:0:0:0:0:ffff:127.0.0.1]',
    '[::ffff:a9fe:a9fe]',
    '[::ffff:100.64.0.1]',
    '[64:ff9b::169.254.169.254]',
    '[2002:a9fe:a9fe::]',
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b::a00:1]',
    '[64:ff9b:1::8.8.8.8]',
    '[100::1]',
    '[2001::1]',
    '[2001:db8::1]',
    '[2002:7f00:1::]',
    '[3fff::1]',
    '[3fff:fff::1]',
    '[5f00::1]',
    '[fc00::1]',
    '[fd12:3456:789a::1]',
    '[fe80::1]',
    '[fec0::1]',
    '[ff02::1]',
    '[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]',
  ])('finds the IPv6 address %s', (host) => {
    expect(isPrivate(host)).toBe(true)
  })

  it.each([
    'localhost',
    'LOCALHOST',
    'localhost.',
    'app.localhost',
    'printer.local',
    'metadata.google.internal',
    'nas.lan',
    'LOCALHOST.localdomain',
    'wiki.corp',
    'wiki.intranet.',
    'vault.private',
    'nas.home',
    'router.home.arpa',
    'intranet',
    'kubernetes',
  ])('finds the local name %s', (host) => {
    expect(isPrivate(host)).toBe(true)
  })

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.1',
    '169.253.255.255',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '[2606:4700:4700::1111]',
    '[2a00:1450:4001:830::200e]',
    '[::ffff:8.8.8.8]',
    '[64:ff9b::8.8.8.8]',
    '[3fff:1000::1]',
    'node1.example.com',
    'localhost.example.com',
    'local.example',
    'home.example',
    'corp.com',
    '10.0.0.1.example.com',
  ])('lets %s pass', (host) => {
    expect(isPrivate(host)).toBe(false)
  })

  it('judges an IPv4 address inside IPv6 as it judges the address itself', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(isPrivate(`[::ffff:${address}]`)).toBe(isPrivate(address))
        expect(isPrivate(`[64:ff9b::${address}]`)).toBe(isPrivate(address))
      }),
    )
  })

  it('answers for every host that a URL can have', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webAuthority(),
          fc.ipV6().map((address) => `[${address}]`),
          fc.domain(),
        ),
        (authority) => {
          fc.pre(URL.canParse(`http://${authority}`))
          expect(typeof isPrivateHost(new URL(`http://${authority}`).hostname)).toBe('boolean')
        },
      ),
    )
  })
})
