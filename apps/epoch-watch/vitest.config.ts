import { defineProject } from 'vitest/config'

export default defineProject({ test: { name: 'epoch-watch', testTimeout: 30_000 } })
