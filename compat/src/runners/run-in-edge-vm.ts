// Runs a bundle where only the Web's globals exist: no Buffer, no require, no import; and `process` only in an edge runtime,
// with nothing but `env` in it. Arguments: `browser` or `edge`, URL of @edge-runtime/vm, path of the bundle, network as JSON.
import { readFileSync } from 'node:fs'

const [platform = '', vmUrl = '', bundle = '', network = ''] = process.argv.slice(2)
const { EdgeVM } = await import(vmUrl)
const vm = new EdgeVM()
// What the OpenAI SDK and others look at to tell where they are.
vm.evaluate(platform === 'edge' ? 'globalThis.process = { env: {} }' : 'delete globalThis.EdgeRuntime')
vm.evaluate(readFileSync(bundle, 'utf8'))
console.log(await vm.evaluate(`program.use(${network})`))
