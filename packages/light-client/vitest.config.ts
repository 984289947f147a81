import { defineProject } from 'vitest/config'

export default defineProject({
  test: { name: '@gonka/light-client', setupFiles: ['../../scripts/fast-check-budget.ts'] },
})
