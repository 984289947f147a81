// Gives every property test of a run the budget in FC_NUM_RUNS; each keeps its own when the variable is not set.
import fc from 'fast-check'

const runs = Number(process.env.FC_NUM_RUNS)
if (Number.isInteger(runs) && runs > 0) fc.configureGlobal({ numRuns: runs })
