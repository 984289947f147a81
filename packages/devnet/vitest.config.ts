import { defineProject } from 'vitest/config'

// Real sockets and child processes: waits are bounded generously, for machines that are busy with something else.
export default defineProject({
  test: {
    name: '@gonka/devnet',
    setupFiles: ['../../scripts/fast-check-budget.ts'],
    testTimeout: 30_000,
    expect: { poll: { timeout: 15_000, interval: 5 } },
  },
})
