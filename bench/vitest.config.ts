import { defineProject } from 'vitest/config'

export default defineProject({ test: { name: 'bench', exclude: ['**/*.bounds.test.ts', '**/node_modules/**'] } })
