import { defineProject } from 'vitest/config'

// Hundreds of thousands of small verifications: bounded generously, for machines that are busy with something else.
export default defineProject({
  test: { name: '@gonka/ics23-verify', setupFiles: ['../../scripts/fast-check-budget.ts'], testTimeout: 60_000 },
})
