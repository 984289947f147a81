import type { Consumer } from '../check.ts'
import { findBinary } from '../toolbox.ts'
import { runPrograms } from './check-node.ts'

/** A JavaScript runtime beside Node whose binary comes from npm. */
interface Runtime {
  readonly id: string
  readonly label: string
  /** Scope of its platform packages, and where the binary lies in them. */
  readonly scope: string
  readonly names: readonly string[]
  /** What goes between the binary and the file. */
  readonly flags: readonly string[]
}

const BUN: Runtime = { id: 'bun', label: 'Bun', scope: '@oven', names: ['bin/bun', 'bin/bun.exe'], flags: [] }
const DENO: Runtime = { id: 'deno', label: 'Deno', scope: '@deno', names: ['deno', 'deno.exe'], flags: ['run', '-A'] }

/** Bun and Deno, as ES modules. */
export const RUNTIME_CONSUMERS: readonly Consumer[] = [BUN, DENO].map(createRuntimeConsumer)

function createRuntimeConsumer({ id, label, scope, names, flags }: Runtime): Consumer {
  return {
    id,
    label,
    check: async (workshop) => {
      const binary = findBinary(workshop.toolsDir, scope, names)
      if (binary)
        return await runPrograms(workshop, { consumer: id, command: [binary, ...flags], extensions: { esm: 'mjs' } })
      const reason = `the npm registry has no ${label} for ${process.platform}-${process.arch}`
      return workshop.projects.map(({ program: { entry } }) => ({
        consumer: id,
        mode: 'esm',
        entry,
        outcome: 'absent',
        reason,
      }))
    },
  }
}
