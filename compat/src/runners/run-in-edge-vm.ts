// Runs a bundle where only the Web's globals exist: no Buffer, no require, no import; and `process` only in an edge runtime,
// with nothing but `env` in it. Arguments: `browser` or `edge`, URL of @edge-runtime/vm, path of the bundle, network as JSON.
import { readFileSync } from 'node:fs'

/** Browsers have `AbortSignal.any` and no `EdgeRuntime`, by which SDKs tell where they are. */
const BROWSER = `
globalThis.EdgeRuntime = undefined
AbortSignal.any ??= (signals) => {
  const controller = new AbortController()
  for (const signal of signals) {
    if (signal.aborted) controller.abort(signal.reason)
    else signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true })
  }
  return controller.signal
}`

const EDGE = 'globalThis.process = { env: {} }'

const [platform = '', vmUrl = '', bundle = '', network = ''] = process.argv.slice(2)
const { EdgeVM } = await import(vmUrl)
const vm = new EdgeVM()
vm.evaluate(platform === 'edge' ? EDGE : BROWSER)
vm.evaluate(readFileSync(bundle, 'utf8'))
console.log(await vm.evaluate(`program.use(${network})`))
