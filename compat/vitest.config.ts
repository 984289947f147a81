import { defineProject } from 'vitest/config'

export default defineProject({ test: { name: 'compat', testTimeout: 30_000 } })
