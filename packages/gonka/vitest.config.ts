import { defineProject } from 'vitest/config'

export default defineProject({
  test: { name: '@multiplexer/gonka', setupFiles: ['../../scripts/fast-check-budget.ts'], testTimeout: 30_000 },
})
