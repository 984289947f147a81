import { defineProject } from 'vitest/config'

export default defineProject({
  test: { name: 'bench', testTimeout: 30_000, exclude: ['**/*.bounds.test.ts', '**/node_modules/**'] },
})
