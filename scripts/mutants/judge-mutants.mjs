/** A check that the package's `mutants.json` says nothing is lost without.
 * @typedef {{ file: string, check: string, becomes: string, reason: string }} Equivalent */

/** Says of each mutant whether it was noticed.
 * @param {readonly (import('./find-mutants.mjs').Mutant & { id: number })[]} mutants
 * @param {ReadonlyMap<number, readonly string[]>} failedTests - By number; none for those that no test comes by.
 * @param {readonly Equivalent[]} equivalent
 * @returns `rows`, and `problems` to be mended: survivors, and what is wrongly called equivalent. */
export function judgeMutants(mutants, failedTests, equivalent) {
  const rows = mutants.map(({ id, start: _, end: __, ...mutant }) => {
    const [failedTest] = failedTests.get(id) ?? []
    const reason = equivalent.find((known) => isSame(known, mutant))?.reason
    if (failedTest !== undefined) return { ...mutant, verdict: 'killed', failedTest, ...(reason && { reason }) }
    return reason ? { ...mutant, verdict: 'equivalent', reason } : { ...mutant, verdict: 'survived' }
  })
  const problems = [
    ...rows.filter(({ verdict }) => verdict === 'survived').map((row) => `${describe(row)}: no test fails.`),
    ...rows
      .filter(({ verdict, reason }) => verdict === 'killed' && reason)
      .map((row) => `${describe(row)}: called equivalent, but a test fails: ${row.failedTest}`),
    ...equivalent
      .filter((known) => !mutants.some((mutant) => isSame(known, mutant)))
      .map(({ file, check, becomes }) => `${file} ${check} -> ${becomes}: called equivalent, but is not there.`),
  ]
  return { rows, problems }
}

/** One line for each mutant, and the sum. */
export function formatTable(rows) {
  const lines = rows.map(({ file, line, check, becomes, verdict, failedTest, reason }) => {
    const told = failedTest ?? (reason ? `equivalent: ${reason}` : 'SURVIVED')
    return `${`${file}:${line}`.padEnd(28)} ${check.slice(0, 60).padEnd(60)} -> ${becomes.slice(0, 30).padEnd(30)} ${verdict === 'killed' ? told.slice(0, 110) : told}`
  })
  const count = (verdict) => rows.filter((row) => row.verdict === verdict).length
  return `${lines.join('\n')}\n${rows.length} mutants, ${count('survived')} survived, ${count('equivalent')} equivalent.`
}

function describe({ file, line, check, becomes }) {
  return `${file}:${line} ${check} -> ${becomes}`
}

function isSame(a, b) {
  return a.file === b.file && a.check === b.check && a.becomes === b.becomes
}
