import { defineConfig } from 'vitest/config'

// Measurements stay out of `npm test`: run `npx vitest run --config bench/vitest.config.ts` in the package's folder.
export default defineConfig({
  test: { name: 'bounds', include: ['bench/*.bounds.ts'], fileParallelism: false, testTimeout: 120_000 },
})
