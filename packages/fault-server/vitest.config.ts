import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: '@multiplexer/fault-server',
    setupFiles: ['../../scripts/fast-check-budget.ts'],
    testTimeout: 30_000,
    expect: { poll: { timeout: 15_000 } },
  },
})
