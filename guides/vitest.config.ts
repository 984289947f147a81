import { defineProject } from 'vitest/config'
import { swapSdk } from './src/fixtures/swap-sdk.ts'

export default defineProject({ plugins: [swapSdk], test: { name: 'guides', testTimeout: 20_000 } })
