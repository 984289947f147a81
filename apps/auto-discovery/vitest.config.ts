import { defineProject } from 'vitest/config'

export default defineProject({ test: { name: 'auto-discovery', testTimeout: 30_000 } })
