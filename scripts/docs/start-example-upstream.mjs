import { createServer } from 'node:http'

const TEXT = 'Hello from the upstream of the examples.'

/** A server on 127.0.0.1 that answers for every host that an example names: chat completions, streamed or not, for any
 * model, and a list of models. What is sent to a host that begins with `down.` is refused with 503.
 * @returns {Promise<{ url: string, stop: () => void }>} */
export async function startExampleUpstream() {
  const server = createServer(async (request, response) => {
    const [, host, ...path] = request.url.split('/')
    const body = await readBody(request)
    if (host.startsWith('down.')) return sendJson(response, 503, { error: { message: 'down', code: 'down' } })
    if (request.method === 'GET' && path.at(-1) === 'models') return sendJson(response, 200, listModels())
    if (path.at(-1) !== 'completions') return sendJson(response, 404, { error: { message: 'no such path' } })
    return body.stream ? sendStream(response, body.model) : sendJson(response, 200, complete(body.model))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () => {
    server.close()
    server.closeAllConnections()
  }
  return { url: `http://127.0.0.1:${server.address().port}`, stop }
}

async function readBody(request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString('utf8')
  return text === '' ? {} : JSON.parse(text)
}

function sendJson(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

function listModels() {
  return { object: 'list', data: [{ id: 'example/model', object: 'model', created: 0, owned_by: 'example' }] }
}

function complete(model) {
  const choice = { index: 0, message: { role: 'assistant', content: TEXT }, finish_reason: 'stop' }
  return { id: 'example', object: 'chat.completion', created: 0, model, choices: [choice] }
}

function sendStream(response, model) {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const chunk = (choice) => ({ id: 'example', object: 'chat.completion.chunk', created: 0, model, choices: [choice] })
  const send = (data) => response.write(`data: ${data}\n\n`)
  for (const word of TEXT.split(/(?<= )/)) {
    send(JSON.stringify(chunk({ index: 0, delta: { content: word }, finish_reason: null })))
  }
  send(JSON.stringify(chunk({ index: 0, delta: {}, finish_reason: 'stop' })))
  send('[DONE]')
  response.end()
}
