import { defineProject } from 'vitest/config'

export default defineProject({ test: { name: '@gonka/signer', testTimeout: 20_000 } })
