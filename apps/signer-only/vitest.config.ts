import { defineProject } from 'vitest/config'

export default defineProject({ test: { name: 'signer-only', testTimeout: 20_000 } })
