import { defineProject } from 'vitest/config'

export default defineProject({
  test: { name: '@gonka/signer', setupFiles: ['../../scripts/fast-check-budget.ts'], testTimeout: 20_000 },
})
