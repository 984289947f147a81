// Fails when a published package exports something that no doc comment explains.
import { findDocGaps } from './find-doc-gaps.mjs'
import { listPackages } from './list-packages.mjs'
import { readOptions } from './read-options.mjs'

const HELP = `Lists what the published packages export without a doc comment, as "package file:line name". Build them first.

  --help  this text

Exits with 1 when a doc comment is missing, with 2 when an option is wrong.
`

if (readOptions(HELP)) check()

function check() {
  const packages = listPackages().filter(({ manifest }) => manifest.private !== true && manifest.exports)
  let gapCount = 0
  for (const pkg of packages) {
    const gaps = findDocGaps(pkg)
    gapCount += gaps.length
    for (const { file, line, symbol } of gaps) console.log(`${pkg.name} ${file}:${line} ${symbol}`)
  }
  if (gapCount > 0) console.error(`${gapCount} exported symbols or members have no doc comment.`)
  else console.log(`Doc comments: every export of ${packages.length} packages has one.`)
  process.exitCode = gapCount > 0 ? 1 : 0
}
