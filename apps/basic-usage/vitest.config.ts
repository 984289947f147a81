import { defineProject } from 'vitest/config'

export default defineProject({ test: { name: 'basic-usage', testTimeout: 30_000 } })
