import type { Consumer } from './check.ts'
import { ESBUILD_CONSUMER, VITE_CONSUMER } from './consumers/check-bundle.ts'
import { EDGE_CONSUMER } from './consumers/check-edge.ts'
import { createNodeConsumer } from './consumers/check-node.ts'
import { RUNTIME_CONSUMERS } from './consumers/check-runtime.ts'
import { createTypescriptConsumer } from './consumers/check-typescript.ts'
import { TYPESCRIPT_VERSIONS } from './toolbox.ts'

/** The floor of `engines`, then the newest release of each line. */
const NODE_VERSIONS = ['20.19.0', '22', '24', '26']

/** The columns of the table. */
export const CONSUMERS: readonly Consumer[] = [
  ...NODE_VERSIONS.map(createNodeConsumer),
  ...Object.keys(TYPESCRIPT_VERSIONS).map(createTypescriptConsumer),
  ESBUILD_CONSUMER,
  VITE_CONSUMER,
  EDGE_CONSUMER,
  ...RUNTIME_CONSUMERS,
]
