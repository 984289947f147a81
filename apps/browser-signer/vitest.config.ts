import { defineProject } from 'vitest/config'

export default defineProject({
  test: { name: 'browser-signer', testTimeout: 20_000, exclude: ['src/in-browser/**', 'node_modules/**'] },
})
