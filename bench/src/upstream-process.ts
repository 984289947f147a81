import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ANSWER, STREAM } from './payloads.ts'

// The upstream of the measurements: a process of its own, so that its work does not count as its callers'.
const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    if (!JSON.parse(Buffer.concat(chunks).toString()).stream) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(ANSWER)
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const event of STREAM) response.write(event)
    response.end()
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.on('disconnect', () => process.exit(0))
