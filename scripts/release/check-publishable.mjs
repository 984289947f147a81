// Says whether every package.json can be published; with --provenance, also whether npm can attest where it was built.
import { readOptions } from '../read-options.mjs'
import { checkManifests } from './check-manifests.mjs'
import { listWorkspaces } from './list-workspaces.mjs'

const USAGE = `Usage: node scripts/release/check-publishable.mjs [--provenance]

Says whether every published package.json has what npm needs.

  --provenance  also what npm needs to attest where a package was built; without it, that is a warning
  --help        this text

Exits with 1 when something is missing, with 2 when an option is wrong.`

const options = readOptions(USAGE, { provenance: { type: 'boolean' } })
if (options) check(options)

function check({ provenance }) {
  const { errors, warnings } = checkManifests(listWorkspaces())
  for (const error of errors) console.error(`error: ${error}`)
  for (const warning of warnings) console.error(`${provenance ? 'error' : 'warning'}: ${warning}`)
  const isRefused = errors.length > 0 || (provenance && warnings.length > 0)
  if (isRefused) console.error('See docs/releasing.md, "Before the first release".')
  else console.log('Every published package.json has what npm needs.')
  process.exitCode = isRefused ? 1 : 0
}
