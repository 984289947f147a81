import { defineConfig } from 'vitest/config'

/** What needs a real browser: `npm run test:browser`. It fails where there is none. */
export default defineConfig({
  test: { name: 'in-browser', include: ['src/in-browser/*.test.ts'], testTimeout: 60_000, hookTimeout: 120_000 },
})
