import { startDevnet } from '@gonka/devnet'
import { expect, it, onTestFinished } from 'vitest'
import { LogReader } from './log-reader.ts'

it('reads each chat request of a node once, and nothing else that it was asked', async () => {
  const devnet = await startDevnet({ participants: 1 })
  onTestFinished(() => devnet.stop())
  const node = devnet.node(0)
  const post = async (body: string) => (await fetch(`${node.url}/v1/chat/completions`, { method: 'POST', body })).text()
  const reader = new LogReader()
  const read = () => reader.read(node).map(({ body }) => body)
  expect(read()).toEqual([])
  await post('one')
  await fetch(`${node.url}/v1/models`).then((response) => response.text())
  expect(read()).toEqual(['one'])
  expect(read()).toEqual([])
  await post('two')
  await post('three')
  expect(read()).toEqual(['two', 'three'])
})
