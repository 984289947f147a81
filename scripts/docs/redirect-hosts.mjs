// Loaded before an example runs: what it sends to hosts of the internet goes to the upstream of the examples instead.
const { EXAMPLE_UPSTREAM: upstream } = process.env
const platformFetch = globalThis.fetch

globalThis.fetch = (input, init) => {
  const url = new URL(input instanceof Request ? input.url : String(input))
  if (url.hostname === '127.0.0.1') return platformFetch(input, init)
  const local = `${upstream}/${url.hostname}${url.pathname}`
  return platformFetch(input instanceof Request ? new Request(local, input) : local, init)
}
