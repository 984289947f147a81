import { defineProject } from 'vitest/config'

export default defineProject({ test: { name: 'manual-registration', testTimeout: 30_000 } })
