import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { answerRequest, type NodeParts } from './answer-request.ts'

const HOST = '127.0.0.1'

/** Longer than clients keep idle connections, so that no request meets a connection the node is closing. */
const KEEP_ALIVE_MS = 120_000

/** One node's HTTP server: starts, dies, comes back on the same port. Calls at once are done one after the other: no server is
 * left behind by a start that a stop overtook. */
export class NodeServer {
  readonly #parts: NodeParts
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined
  #port = 0
  #turn: Promise<unknown> = Promise.resolve()

  constructor(parts: NodeParts) {
    this.#parts = parts
  }

  get isUp(): boolean {
    return this.#server !== undefined
  }

  /** Listens, on the port of the time before if there was one.
   * @returns The URL. Rejects when the port is taken by now. */
  start(): Promise<string> {
    return this.#inTurn(() => this.#start())
  }

  /** Listens on another port from now on, and on the one of the time before no longer.
   * @returns The URL. */
  move(): Promise<string> {
    return this.#inTurn(() => this.#move())
  }

  /** Stops listening and destroys every connection. Idempotent. */
  stop(): Promise<void> {
    return this.#inTurn(() => this.#stop())
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => {})
    return turn
  }

  async #start(): Promise<string> {
    if (this.#server === undefined) {
      const server = this.#createServer()
      await listen(server, this.#port)
      this.#server = server
      this.#port = (server.address() as AddressInfo).port
    }
    return `http://${HOST}:${this.#port}`
  }

  async #move(): Promise<string> {
    const server = this.#createServer()
    // Before the old one closes: its port cannot be given out again.
    await listen(server, 0)
    await this.#stop()
    this.#server = server
    this.#port = (server.address() as AddressInfo).port
    return this.#start()
  }

  async #stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #createServer(): Server {
    const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
      answerRequest(this.#parts, request, response).catch(() => response.destroy())
    })
    server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.once('close', () => this.#sockets.delete(socket))
    })
    server.on('clientError', (_error, socket) => refuseMalformed(socket as Socket))
    return server
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host: HOST, backlog: 1_024 }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

const MALFORMED = JSON.stringify({ error: 'malformed request body' })

/** Bytes that are no HTTP still get an HTTP answer. */
function refuseMalformed(socket: Socket): void {
  if (!socket.writable) return void socket.destroy()
  const head = ['HTTP/1.1 400 Bad Request', 'content-type: application/json', `content-length: ${MALFORMED.length}`]
  socket.end(`${[...head, 'connection: close'].join('\r\n')}\r\n\r\n${MALFORMED}`)
}
