// Says whether every package.json can be published; with --provenance, also whether npm can attest where it was built.

import { checkManifests } from './check-manifests.mjs'
import { listWorkspaces } from './list-workspaces.mjs'

const { errors, warnings } = checkManifests(listWorkspaces())
const needsProvenance = process.argv.includes('--provenance')
for (const error of errors) console.error(`error: ${error}`)
for (const warning of warnings) console.error(`${needsProvenance ? 'error' : 'warning'}: ${warning}`)
const isRefused = errors.length > 0 || (needsProvenance && warnings.length > 0)
if (isRefused) console.error('See docs/releasing.md, "Before the first release".')
else console.log('Every published package.json has what npm needs.')
process.exitCode = isRefused ? 1 : 0
