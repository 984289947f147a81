import { defineProject } from 'vitest/config'

export default defineProject({ test: { name: 'mixed-providers', testTimeout: 30_000 } })
