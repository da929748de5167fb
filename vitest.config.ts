import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'web/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts', 'tools/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**'],
    // Two files at once on two cores as well: many wait for processes of their own.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // A shared machine can stall a test for a while; none of them measures time.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
