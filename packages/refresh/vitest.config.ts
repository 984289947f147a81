import { defineProject } from 'vitest/config'

export default defineProject({
  test: { name: '@gonka/refresh', setupFiles: ['../../scripts/fast-check-budget.ts'], testTimeout: 30_000 },
})
