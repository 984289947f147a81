import { bytesToHex } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { followOp } from '../fixtures/check-chain.ts'
import { compareBytes } from './compare-bytes.ts'
import { encodeMembership } from './encode-proof.ts'
import { hashNode, type IavlNode, isInner, putValue } from './iavl-tree.ts'
import { proveKey, proveNeighbours } from './prove-key.ts'

const bytes = fc.uint8Array({ minLength: 1, maxLength: 6 })
const writes = fc.array(fc.tuple(bytes, bytes), { minLength: 1, maxLength: 60 })

function grow(pairs: readonly (readonly [Uint8Array, Uint8Array])[]): IavlNode[] {
  const versions: IavlNode[] = []
  for (const [index, [key, value]] of pairs.entries()) {
    versions.push(putValue(versions.at(-1), { version: index + 1, key, value }))
  }
  return versions
}

function leavesOf(node: IavlNode): Uint8Array[] {
  return isInner(node) ? [...leavesOf(node.left), ...leavesOf(node.right)] : [node.key]
}

function expectBalanced(node: IavlNode): void {
  if (!isInner(node)) return
  expect(Math.abs(node.left.height - node.right.height)).toBeLessThan(2)
  expect(compareBytes(node.key, leavesOf(node.right)[0]!)).toBe(0)
  for (const child of [node.left, node.right]) {
    expect(child.version).toBeLessThanOrEqual(node.version)
    expectBalanced(child)
  }
}

test('a tree stays sorted and balanced, and holds every key once', () => {
  fc.assert(
    fc.property(writes, (pairs) => {
      const tree = grow(pairs).at(-1)!
      expectBalanced(tree)
      const keys = leavesOf(tree)
      expect(keys).toEqual([...keys].sort(compareBytes))
      expect(keys.map(bytesToHex)).toEqual([...new Set(pairs.map(([key]) => bytesToHex(key)))].sort())
    }),
  )
})

test('every key proves its latest value under the root; every other key lies between its neighbours', () => {
  fc.assert(
    fc.property(writes, bytes, (pairs, stranger) => {
      const tree = grow(pairs).at(-1)!
      const root = bytesToHex(hashNode(tree))
      const latest = new Map(pairs.map(([key, value]) => [bytesToHex(key), value]))
      for (const [key] of pairs) {
        const proof = proveKey(tree, key)!
        expect(proof.value).toEqual(latest.get(bytesToHex(key)))
        expect(followOp({ data: Buffer.from(encodeMembership(proof)).toString('base64') }).root).toBe(root)
      }
      if (latest.has(bytesToHex(stranger))) return
      expect(proveKey(tree, stranger)).toBeUndefined()
      const { left, right } = proveNeighbours(tree, stranger)
      const keys = leavesOf(tree)
      const after = keys.findIndex((key) => compareBytes(key, stranger) > 0)
      expect(right?.key).toEqual(keys[after])
      expect(left?.key).toEqual(after < 0 ? keys.at(-1) : keys[after - 1])
    }),
  )
})

test('an older version keeps its root', () => {
  fc.assert(
    fc.property(writes, (pairs) => {
      const roots = grow(pairs).map((tree) => bytesToHex(hashNode(tree)))
      const again = grow(pairs)
      expect(bytesToHex(hashNode(again.at(-1)!))).toBe(roots.at(-1))
      expect(again.map((tree) => bytesToHex(hashNode(tree)))).toEqual(roots)
    }),
  )
})
