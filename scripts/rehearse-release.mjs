// Plays whole releases into a throw-away registry on this machine, as the release workflow would into npm.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from './list-packages.mjs'
import { formatTable } from './release/format-report.mjs'
import { playRehearsal } from './release/play-rehearsal.mjs'

const BUDGET_SECONDS = 180

const USAGE = `Usage: node scripts/rehearse-release.mjs [--json] [--keep] [--budget <seconds>]

Clones the last commit, then plays three releases of it into a registry on 127.0.0.1: what the changesets announce, a
breaking change of @gonka/signer, a patch of @gonka/signer. Each is versioned, built, published, checked, installed with
npm into a fresh project and used. Nothing leaves this machine, and no npm configuration of yours is read for publishing.

  --json     print one line of JSON at the end; progress goes to standard error
  --keep     keep the temporary folder: clone, registry, projects
  --budget   fail after so many seconds (default ${BUDGET_SECONDS})

Exits with 0 when all went well, 1 when something did not, 2 for a wrong argument, 130 after Ctrl-C.`

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }

process.exitCode = await main(process.argv.slice(2))

async function main(args) {
  const options = readOptions(args)
  if (typeof options === 'string') {
    console.error(`${options}\n\n${USAGE}`)
    return 2
  }
  if (options.help) {
    console.log(USAGE)
    return 0
  }
  const interrupt = new AbortController()
  for (const name of Object.keys(SIGNALS)) process.on(name, () => interrupt.abort(name))
  const code = await rehearse(options, interrupt.signal)
  return interrupt.signal.aborted ? SIGNALS[interrupt.signal.reason] : code
}

/** @returns {{ help: boolean, json: boolean, keep: boolean, budgetSeconds: number } | string} Or what is wrong. */
function readOptions(args) {
  try {
    const flag = { type: 'boolean', default: false }
    const budget = { type: 'string', default: String(BUDGET_SECONDS) }
    const { values } = parseArgs({ args, options: { help: flag, json: flag, keep: flag, budget } })
    const budgetSeconds = Number(values.budget)
    if (!(budgetSeconds > 0)) return `--budget takes a number of seconds above 0; got ${values.budget}.`
    return { ...values, budgetSeconds }
  } catch (error) {
    return error.message
  }
}

async function rehearse({ json, keep, budgetSeconds }, interrupted) {
  const say = json ? (line) => console.error(line) : (line) => console.log(line)
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'rehearse-release-')))
  const startedAtMs = performance.now()
  const signal = AbortSignal.any([interrupted, AbortSignal.timeout(budgetSeconds * 1000)])
  const secondsSoFar = () => Math.round((performance.now() - startedAtMs) / 100) / 10
  try {
    const rehearsal = await playRehearsal({ root: ROOT, dir, signal, say })
    const seconds = secondsSoFar()
    console.log(json ? JSON.stringify({ ok: true, seconds, ...rehearsal }) : formatRehearsal(rehearsal, seconds))
    return 0
  } catch (error) {
    const message = signal.aborted ? describeEnd(interrupted, budgetSeconds) : error.message
    if (json) console.log(JSON.stringify({ ok: false, seconds: secondsSoFar(), error: message }))
    console.error(message)
    return 1
  } finally {
    if (keep) say(`Kept ${dir}`)
    else rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
  }
}

function describeEnd(interrupted, budgetSeconds) {
  return interrupted.aborted ? `Stopped by ${interrupted.reason}.` : `Stopped: ${budgetSeconds} s were not enough.`
}

function formatRehearsal({ commit, packages, releases, steps, warnings }, seconds) {
  const timed = steps.map((step) => `${step.seconds.toFixed(1).padStart(6)} s  ${step.step}`)
  const notes = warnings.map((warning) => `warning: ${warning}`)
  const lines = [...timed, '', formatTable(packages, releases), '', ...notes]
  return [...lines, `${releases.length} releases of ${commit} in ${seconds} s.`].join('\n')
}
