// Holds the exported names and types of every published package against the snapshots in api/.
import { checkApi, explain, passes } from './api/check-api.mjs'
import { listPackages, ROOT } from './list-packages.mjs'
import { readOptions } from './read-options.mjs'

const HELP = `Compares what the packages export with the snapshots in api/. Build the packages first.

  --update  write the snapshots; a diff of theirs is for review
  --json    print one JSON object per package
  --help    this text

Exits with 1 when a snapshot differs, or when a name that users have is gone and no major changeset says so;
with 2 when an option is wrong.
`

const flag = /** @type {const} */ ({ type: 'boolean' })
const values = readOptions(HELP, { update: flag, json: flag })
if (values) run(values)

function run(values) {
  const packages = listPackages().filter(({ manifest }) => manifest.private !== true && manifest.exports)
  const reports = packages.map((pkg) => checkApi(pkg, { root: ROOT, update: values.update }))
  const failures = reports.filter((report) => !passes(report))
  if (values.json) console.log(JSON.stringify(reports, undefined, 2))
  else for (const report of failures) console.error(explain(report))
  if (!values.json && failures.length === 0) console.log(`API: ${packages.length} packages export what api/ says.`)
  process.exitCode = failures.length > 0 ? 1 : 0
}
