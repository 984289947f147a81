import { defineConfig } from 'vitest/config'

// Measurements hold the machine: one file at a time, apart from the suites that `npm test` runs side by side.
export default defineConfig({
  test: { name: 'bounds', include: ['src/**/*.bounds.test.ts'], fileParallelism: false, testTimeout: 120_000 },
})
