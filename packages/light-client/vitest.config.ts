import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: '@gonka/light-client',
    setupFiles: ['../../scripts/fast-check-budget.ts'],
    // Property tests with a larger budget, on a busy machine.
    testTimeout: 60_000,
  },
})
