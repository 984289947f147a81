import { defineProject } from 'vitest/config'

export default defineProject({
  test: { name: '@gonka/ics23-verify', setupFiles: ['../../scripts/fast-check-budget.ts'] },
})
